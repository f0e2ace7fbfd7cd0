"""The score store: append-only, keyed, written in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pyarrow as pa
from sqlalchemy import JSON, BigInteger, Column, DateTime, Float, Integer, MetaData, String, Table, create_engine, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from dealml.errors import SetupError

_KEY = ("model", "entity_id", "as_of", "horizon_days", "model_digest", "ledger_digest")
ROWS_A_STATEMENT = 500

SCORES = Table(
    "scores", MetaData(),
    Column("model", String(200), primary_key=True), Column("entity_id", String(500), primary_key=True),
    Column("as_of", DateTime(timezone=True), primary_key=True), Column("horizon_days", Integer, primary_key=True),
    Column("model_digest", String(64), primary_key=True), Column("ledger_digest", String(64), primary_key=True),
    Column("model_version", BigInteger, nullable=False), Column("rung", String(50), nullable=False),
    Column("probability", Float(53), nullable=False), Column("base_probability", Float(53), nullable=False),
    Column("margin", Float(53), nullable=False), Column("base_margin", Float(53), nullable=False),
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
    insert = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}.get(make_url(url).get_backend_name())
    if insert is None:
        raise SetupError(f"scores.url: {make_url(url).render_as_string()} is neither SQLite nor PostgreSQL")
    statement = insert(SCORES).on_conflict_do_nothing(index_elements=list(_KEY))
    try:
        engine = create_engine(url)
        SCORES.metadata.create_all(engine)
        with engine.begin() as connection:
            return sum(connection.execute(statement.values(rows)).rowcount for batch in batches for rows in _chunks(batch))
    except SQLAlchemyError as error:
        raise SetupError(f"the score database at {make_url(url).render_as_string()} failed: {str(error).splitlines()[0]}") from error
    finally:
        _dispose(locals().get("engine"))


def _dispose(engine: Engine | None) -> None:
    if engine is not None:
        engine.dispose()


def _chunks(batch: pa.Table) -> Iterable[list[dict[str, object]]]:
    for part in batch.to_batches(max_chunksize=ROWS_A_STATEMENT):
        if part.num_rows:
            yield part.to_pylist()
