"""Scores made by hand, and the database that they are stored in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import create_engine, text

from dealml.scoring.score import SCORES, Columns
from dealml.scoring.store import Sources, publishing
from dealml.settings import with_driver

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def reason(feature: str = "stage", value: str | None = "Proposal", points: float = 0.1) -> dict[str, Any]:
    return {"feature": feature, "value": value, "log_odds": points * 5, "points": points, "sentence": f"{feature}: {value}"}


def scores(*ids: str, digest: str = "d1", reasons: int = 2) -> pa.Table:
    rows = [
        {
            "score_id": f"{entity}-{days}-{digest}"[:16],
            "entity_id": entity,
            "as_of": MONDAY,
            "horizon_days": days,
            "probability": 0.1 + days / 1000,
            "base_probability": 0.1,
            "margin": -2.0,
            "base_margin": -2.2,
            "rung": "lightgbm",
            "model": "deal_win",
            "model_version": 1,
            "model_digest": digest,
            "ledger_digest": "l1",
            "reasons": [reason(points=0.1 / (n + 1)) for n in range(reasons)],
        }
        for entity in ids
        for days in (30, 90)
    ]
    return pa.Table.from_pylist(rows, schema=SCORES)


SOURCES = Sources("w1", {"language": "en"}, "l1", ["b1", "b2"])


def snapshots(*ids: str, digest: str = "d1") -> Columns:
    made_by = {"as_of": MONDAY, "model": "deal_win", "model_digest": digest, "ledger_digest": "l1"}
    same = {name: [value] * len(ids) for name, value in made_by.items()}
    return {"entity_id": list(ids), **same, "features": [{"stage": "Proposal"} for _ in ids]}


def publish(url: str, batches: Iterable[pa.Table]) -> int:
    with publishing(url, SOURCES) as write:
        return sum(write(columns_of(batch), snapshots(*entities_of(batch), digest=digest_of(batch))) for batch in batches)


def entities_of(batch: pa.Table) -> list[str]:
    return sorted(set(batch["entity_id"].to_pylist()))


def columns_of(batch: pa.Table) -> Columns:
    return {name: batch[name].to_pylist() for name in batch.column_names}


def digest_of(batch: pa.Table) -> str:
    return str(batch["model_digest"][0]) if batch.num_rows else ""


def stored(url: str, order: str = "model_digest, entity_id, horizon_days") -> list[dict[str, Any]]:
    engine = create_engine(with_driver(url))
    try:
        with engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(f"SELECT * FROM scores ORDER BY {order}")).mappings()]
    finally:
        engine.dispose()


def run(url: str, statement: str) -> None:
    engine = create_engine(with_driver(url))
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
