"""The score store: append-only, keyed, written in one transaction, with all that a replay needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, DateTime, Float, Integer, MetaData, String, Table, inspect, select
from sqlalchemy.engine import Engine

from dealml.errors import SetupError
from dealml.scoring.database import append, append_columns, create_tables, database, in_utc
from dealml.scoring.store_version import VERSION_SCHEMA, check_version, mark_version

_METADATA = MetaData()
Columns = Mapping[str, Sequence[Any]]


def _key() -> list[Column[Any]]:
    """What tells one snapshot, scored by one version, from all others."""
    return [
        Column("model", String(200), primary_key=True),
        Column("entity_id", String(500), primary_key=True),
        Column("as_of", DateTime(timezone=True), primary_key=True),
        Column("model_digest", String(64), primary_key=True),
        Column("ledger_digest", String(64), primary_key=True),
    ]


SCORES = Table(
    "scores",
    _METADATA,
    *_key(),
    Column("horizon_days", Integer, primary_key=True),
    Column("score_id", String(16), nullable=False, index=True),
    Column("model_version", BigInteger, nullable=False),
    Column("rung", String(50), nullable=False),
    Column("probability", Float(53), nullable=False),
    Column("base_probability", Float(53), nullable=False),
    Column("margin", Float(53), nullable=False),
    Column("base_margin", Float(53), nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("wording", String(64), nullable=False),
)
SNAPSHOTS = Table("snapshots", _METADATA, *_key(), Column("features", JSON, nullable=False))
"""The values that the model saw."""
WORDINGS = Table("wordings", _METADATA, Column("digest", String(64), primary_key=True), Column("content", JSON, nullable=False))
"""The texts that reasons were made of."""
LEDGERS = Table("ledgers", _METADATA, Column("digest", String(64), primary_key=True), Column("batches", JSON, nullable=False))
"""The batches that a ledger consisted of."""


@dataclass(frozen=True)
class Sources:
    """What all scores of a run were made from."""

    wording: str
    """Digest of the texts."""
    texts: Mapping[str, Any]
    ledger: str
    """Digest of the ledger."""
    batches: Sequence[str]


@contextmanager
def publishing(url: str, sources: Sources) -> Iterator[Callable[[Columns, Columns], int]]:
    """Append scores that are not there yet: all of a run when it ends, none when it fails.

    Yields
    ------
    function
        Takes the columns of scores and those of the snapshots that they are of, and says how many scores were new.

    Raises
    ------
    SetupError
        When the database cannot be reached or written, or is of a newer version.
    """
    with database(url) as engine:
        is_stored(engine)
        create_tables(engine, _METADATA, VERSION_SCHEMA)
        with engine.begin() as connection:
            mark_version(connection)
            append(connection, WORDINGS, [{"digest": sources.wording, "content": dict(sources.texts)}])
            append(connection, LEDGERS, [{"digest": sources.ledger, "batches": list(sources.batches)}])

            def publish(scores: Columns, snapshots: Columns) -> int:
                append_columns(connection, SNAPSHOTS, snapshots)
                return append_columns(connection, SCORES, {**scores, "wording": [sources.wording] * len(next(iter(scores.values()), ()))})

            yield publish


def stored_scores(
    url: str, score_id: str | None = None, entity_id: str | None = None, as_of: datetime | None = None, model: str | None = None
) -> list[dict[str, Any]]:
    """Scores that stand in the store, with the features, texts and batches that they were made from, in the order of their keys."""
    wanted = {SCORES.c.score_id: score_id, SCORES.c.entity_id: entity_id, SCORES.c.as_of: as_of, SCORES.c.model: model}
    same = [SCORES.c[column.name] == SNAPSHOTS.c[column.name] for column in SNAPSHOTS.primary_key]
    query = (
        select(SCORES, SNAPSHOTS.c.features, WORDINGS.c.content, LEDGERS.c.batches)
        .where(*same, SCORES.c.wording == WORDINGS.c.digest, SCORES.c.ledger_digest == LEDGERS.c.digest)
        .where(*(column == value for column, value in wanted.items() if value is not None))
        .order_by(*SCORES.primary_key)
    )
    with database(url) as engine:
        if not is_stored(engine):
            return []
        with engine.connect() as connection:
            return [dict(row) | {"as_of": in_utc(row["as_of"])} for row in connection.execute(query).mappings()]


def is_stored(engine: Engine) -> bool:
    """Whether the database has scores that can be read; a table of the time before `score_id`, which cannot be replayed, is not touched."""
    check_version(engine)
    inspector = inspect(engine)
    if not inspector.has_table(SCORES.name):
        return False
    if "score_id" not in {column["name"] for column in inspector.get_columns(SCORES.name)}:
        raise SetupError("scores.url: the table 'scores' is of an earlier version; rename it, and it stays as it is next to the new one")
    return True
