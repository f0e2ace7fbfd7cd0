"""The score store: append-only, keyed, written in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
from sqlalchemy import JSON, BigInteger, Column, DateTime, Float, Integer, MetaData, String, Table, create_engine, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from dealml.errors import SetupError
from dealml.settings import with_driver

_KEY = ("model", "entity_id", "as_of", "horizon_days", "model_digest", "ledger_digest")
ROWS_A_STATEMENT = 500

SCORES = Table(
    "scores",
    MetaData(),
    Column("model", String(200), primary_key=True),
    Column("entity_id", String(500), primary_key=True),
    Column("as_of", DateTime(timezone=True), primary_key=True),
    Column("horizon_days", Integer, primary_key=True),
    Column("model_digest", String(64), primary_key=True),
    Column("ledger_digest", String(64), primary_key=True),
    Column("model_version", BigInteger, nullable=False),
    Column("rung", String(50), nullable=False),
    Column("probability", Float(53), nullable=False),
    Column("base_probability", Float(53), nullable=False),
    Column("margin", Float(53), nullable=False),
    Column("base_margin", Float(53), nullable=False),
    Column("reasons", JSON, nullable=False),
)


def publish_scores(url: str, batches: Iterable[pa.Table]) -> int:
    """Append scores that are not there yet, all or none.

    Returns
    -------
    int
        How many rows were written; 0 when the same scores stood already.

    Raises
    ------
    SetupError
        When the database cannot be reached or written.
    """
    engine = _engine(url)
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[engine.name]
    statement = insert(SCORES).on_conflict_do_nothing(index_elements=list(_KEY)).execution_options(preserve_rowcount=True)
    try:
        SCORES.metadata.create_all(engine)
        with engine.begin() as connection:
            return sum(connection.execute(statement.values(rows)).rowcount for batch in batches for rows in _chunks(batch))
    except SQLAlchemyError as error:
        raise SetupError(f"scores.url: the database at {engine.url.render_as_string()} failed: {str(error).splitlines()[0]}") from error
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(with_driver(url))
        if parsed.get_backend_name() not in ("sqlite", "postgresql"):
            raise SetupError(f"scores.url: {parsed.render_as_string()} is neither SQLite nor PostgreSQL")
        return create_engine(parsed)
    except (SQLAlchemyError, ImportError) as error:
        raise SetupError(
            f"scores.url: cannot be used ({str(error).splitlines()[0]}); write it as postgresql://user@host/database"
        ) from error


def _chunks(batch: pa.Table) -> Iterable[list[dict[str, object]]]:
    for part in batch.to_batches(max_chunksize=ROWS_A_STATEMENT):
        if part.num_rows:
            yield part.to_pylist()
