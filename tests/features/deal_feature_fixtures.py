"""Deal features computed by the engine, and read by the oracle, for the tests that compare them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from dealml.as_of.connection import connect
from dealml.as_of.known_tables import known_tables
from dealml.features.definition import Feature, features_in
from dealml.features.engine import ROWS_A_BATCH, Engine
from dealml.features.plan import plan
from dealml.ledger.ledger import Ledger
from features import (
    activity,
    assessments,
    champion,
    commitments,
    competition,
    economics,
    history,
    milestones,
    owner,
    problem,
    segment,
    stage,
    stakeholders,
    timing,
    touchpoints,
    trigger,
)
from tests.features.deal_history_fixtures import Case, Fact, snapshot_table
from tests.features.oracle import Company, Sight
from tests.features.oracle_deals import read_deal

FEATURES: tuple[Feature, ...] = features_in(
    segment,
    trigger,
    problem,
    competition,
    champion,
    stakeholders,
    milestones,
    stage,
    timing,
    activity,
    touchpoints,
    economics,
    commitments,
    history,
    owner,
    assessments,
)

Key = tuple[str, datetime, datetime]
Mismatch = tuple[str, Any, Any, Key]


def compute(
    ledger: Ledger,
    snapshots: list[Fact],
    *,
    before: datetime | None = None,
    rows_a_batch: int = ROWS_A_BATCH,
    features: Sequence[Feature] = FEATURES,
) -> dict[Key, Fact]:
    """What the engine makes of snapshots."""
    con = connect()
    tables = known_tables(con, ledger, before)
    con.con.register("snapshots", snapshot_table(snapshots))
    engine = Engine(con, tables, plan(features, "deal_id", tables), "deal_id")
    parts: list[pa.Table] = list(engine.compute(con.table("snapshots"), rows_a_batch))
    rows = [row for part in parts for row in part.to_pylist()]
    assert len(rows) == len(snapshots)
    return {key_of(row): row for row in rows}


def read(case: Case, held: dict[str, list[Fact]]) -> dict[Key, Fact]:
    """What the oracle makes of the same snapshots."""
    company = Company(held)
    return {key_of(s): read_deal(Sight(company, s["deal_id"], s["account_id"], s["as_of"], s["known_by"])) for s in case.snapshots}


def mismatches(found: dict[Key, Fact], right: dict[Key, Fact]) -> list[Mismatch]:
    """Where the two disagree: the feature, what was found, what is right, the snapshot."""
    return [
        (name, found[key][name], value, key)
        for key, row in right.items()
        for name, value in row.items()
        if not same(found[key][name], value)
    ]


def same(one: Any, other: Any) -> bool:
    """Equal; numbers to 1e-9 of their size."""
    if one is None or other is None or isinstance(one, str) or isinstance(other, str):
        return bool(one == other)
    return math.isclose(float(one), float(other), rel_tol=1e-9, abs_tol=1e-12)


def key_of(row: Fact) -> Key:
    """The snapshot that a row is of."""
    return row["deal_id"], row["as_of"], row["known_by"]
