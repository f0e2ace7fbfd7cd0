"""Events that were corrected: after the correction every feature is as if the right row had been there, before it as if it were unknown."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from dealml.as_of.connection import connect
from dealml.as_of.known_tables import known_tables, tables_at
from dealml.features.definition import features_in
from dealml.features.engine import Engine
from dealml.features.plan import plan
from dealml.ledger.batches import Manifest, publish
from dealml.ledger.corrections import FIRST_RECORDED, REPLACED, correction_table, corrections_of
from dealml.ledger.fact_table import TYPES
from dealml.ledger.ledger import Ledger
from dealml.ledger.schema import TABLES
from features import account, purchases, subscription, support
from tests.features.account_history_fixtures import MAKERS, MOMENTS, Chance, random_history

Tables = dict[str, list[dict[str, Any]]]
KNOWN_THEN = ("plan_cancelled_share", "plan_churn_lift")
"""A start or a cancellation counts with the plan that was known on the day on which it first went on record, whatever is corrected."""
FEATURES = [feature for feature in features_in(account, subscription, support, purchases) if feature.name not in KNOWN_THEN]
ACCOUNTS = [f"a{number}" for number in range(8)]
CORRECTED_AT, AGAIN_AT = datetime(2026, 3, 20, tzinfo=UTC), datetime(2026, 4, 20, tzinfo=UTC)
EARLY, LATE = MOMENTS[1], MOMENTS[2]
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(1, 12))]
SNAPSHOTS = pa.schema({"account_id": pa.string(), "as_of": TYPES["time"], "known_by": TYPES["time"]})


def split(seed: int) -> tuple[Tables, Tables, Tables, Tables]:
    """A random company: as it is, as it was first told, with all statements, and the corrections among these."""
    chance = Chance(seed)
    right = random_history(seed, ACCOUNTS, ("accounts", "account_changes", "subscriptions", "tickets", "purchases"), most=6)
    first, whole, corrections = dict(right), dict(right), Tables()
    for name in ("subscriptions", "tickets", "purchases"):
        rows = [row for row in right[name] if row["recorded_at"] < EARLY and chance.random.random() < 0.4]
        others = [row for row in right[name] if row not in rows]
        told = [row | MAKERS[name](chance) | _moved(chance, row) for row in rows]
        middle = [row | MAKERS[name](chance) | _moved(chance, row) | {"recorded_at": CORRECTED_AT} for row in rows]
        last = [row | {"recorded_at": AGAIN_AT} for row in rows]
        first[name], whole[name] = others + told, others + told + middle + last
        pairs = [*zip(middle, told, told, strict=True), *zip(last, middle, told, strict=True)]
        corrections[name] = [
            new | {REPLACED + column: value for column, value in old.items()} | {FIRST_RECORDED: start["recorded_at"]}
            for new, old, start in pairs
        ]
    return right, first, whole, corrections


def _moved(chance: Chance, row: dict[str, Any]) -> dict[str, Any]:
    """Now and then another account, and another day."""
    return {
        "account_id": chance.random.choice([row["account_id"], *ACCOUNTS[:3]]),
        "occurred_at": chance.random.choice([row["occurred_at"], chance.moment()]),
    }


def ledger(folder: Path, tables: Tables, corrections: Tables | None = None) -> Ledger:
    """A ledger of facts, and of which of them correct others."""
    folder.mkdir()
    files = {name: pa.Table.from_pylist(rows, TABLES[name].schema) for name, rows in tables.items()}
    for name, rows in (corrections or {}).items():
        files[corrections_of(name)] = pa.Table.from_pylist(rows, correction_table(name).schema)
    publish(folder, Manifest(hashlib.sha256(str(folder).encode()).hexdigest(), "test", []), files)
    return Ledger(folder)


def features(held: Ledger, known_by: datetime) -> pd.DataFrame:
    """Every feature of accounts, with time counted from two moments."""
    con = connect()
    tables = known_tables(con, held)
    made = plan(FEATURES, "account_id", tables)
    moments = [{"account_id": name, "as_of": as_of, "known_by": known_by} for name in ACCOUNTS for as_of in (EARLY, LATE)]
    con.con.register("snapshots", pa.Table.from_pylist(moments, SNAPSHOTS))
    table = pa.concat_tables(Engine(con, tables, made, "account_id").compute(con.table("snapshots"))).to_pandas()
    return table.sort_values(["account_id", "as_of"], ignore_index=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_features_are_those_of_the_statements_that_hold(seed: int, tmp_path: Path) -> None:
    right, first, whole, corrections = split(seed)
    assert min(len(rows) for rows in corrections.values()) > 2
    corrected = ledger(tmp_path / "corrected", whole, corrections)
    after, before = features(corrected, LATE), features(corrected, EARLY)
    pd.testing.assert_frame_equal(after, features(ledger(tmp_path / "right", right), LATE), rtol=1e-9)
    pd.testing.assert_frame_equal(before, features(ledger(tmp_path / "first", first), EARLY), rtol=1e-9)
    assert not after.drop(columns="known_by").equals(before.drop(columns="known_by"))


def test_at_one_moment_there_is_only_what_holds(tmp_path: Path) -> None:
    right, _, whole, corrections = split(0)
    con = connect()
    tables = tables_at(con, ledger(tmp_path / "ledger", whole, corrections), LATE)
    for name in corrections:
        held = con.to_pyarrow(tables[name]).select(TABLES[name].schema.names).cast(TABLES[name].schema)
        found = held.drop_columns("recorded_at").to_pylist()
        known = [row for row in right[name] if row["recorded_at"] < LATE]
        expected = pa.Table.from_pylist(known, TABLES[name].schema).drop_columns("recorded_at").to_pylist()
        assert sorted(map(repr, found)) == sorted(map(repr, expected))
        assert [column for column in tables[name].columns if column.startswith("_")] == ["_order"]
