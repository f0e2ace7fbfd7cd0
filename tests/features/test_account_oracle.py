"""Every account feature equals a loop over the same facts, on random histories."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from dealml.as_of.connection import connect
from dealml.as_of.known_tables import known_tables
from dealml.features import engine
from dealml.features.definition import features_in
from dealml.features.engine import Engine
from dealml.features.plan import plan
from dealml.ledger.fact_table import TYPES
from dealml.ledger.ledger import Ledger
from features import account, adoption, purchases, satisfaction, subscription, support, usage
from tests.features.account_history_fixtures import MAKERS, MOMENTS, TICK, published, random_history
from tests.features.oracle_accounts import all_features
from tests.features.oracle_view import Told, View

FEATURES = features_in(account, usage, subscription, satisfaction, support, adoption, purchases)
ACCOUNTS = [f"a{number}" for number in range(26)]
SNAPSHOTS = [(at, at) for at in MOMENTS] + [
    (MOMENTS[1] + TICK, MOMENTS[1] + TICK),
    (MOMENTS[0], MOMENTS[2]),
    (MOMENTS[2], MOMENTS[1]),
    (MOMENTS[0] + timedelta(hours=7), MOMENTS[0] + timedelta(hours=7)),
]
SCHEMA = pa.schema({"account_id": pa.string(), "as_of": TYPES["time"], "known_by": TYPES["time"]})
Seen = dict[tuple[str, datetime, datetime], dict[str, Any]]


def computed(ledger: Ledger, rows_a_batch: int = 100_000) -> tuple[Seen, dict[str, str]]:
    """What the engine makes of a ledger."""
    con = connect()
    tables = known_tables(con, ledger)
    made = plan(FEATURES, "account_id", tables)
    names = [*ACCOUNTS, "nobody"]
    moments = [{"account_id": name, "as_of": as_of, "known_by": known_by} for name in names for as_of, known_by in SNAPSHOTS]
    con.con.register("snapshots", pa.Table.from_pylist(moments, SCHEMA))
    batches = Engine(con, tables, made, "account_id").compute(con.table("snapshots"), rows_a_batch)
    rows = [row for batch in batches for row in batch.to_pylist()]
    return {(row["account_id"], row["as_of"], row["known_by"]): row for row in rows}, made.absent


def same(found: Any, expected: Any) -> bool:
    """Equal, numbers to 1e-9 of their size."""
    if found is None or expected is None or isinstance(expected, str):
        return found == expected
    return math.isclose(found, float(expected), rel_tol=1e-9, abs_tol=1e-12)


def mismatches(seen: Seen, history: dict[str, list[dict[str, Any]]], absent: dict[str, str]) -> list[str]:
    """Where the engine and the loops differ."""
    wrong: list[str] = []
    told: Told = {}
    for (name, as_of, known_by), row in seen.items():
        expected = all_features(View(history, name, as_of, known_by, told))
        wrong += [
            f"{name} {as_of} {known_by} {feature}: {row[feature]} is not {value}"
            for feature, value in expected.items()
            if feature not in absent and not same(row[feature], value)
        ]
    return wrong


@pytest.fixture
def by_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every snapshot by intervals, where they are in turn."""
    monkeypatch.setattr(engine, "MANY_PAIRS", 0)
    monkeypatch.setattr(engine, "FEW", 0)


@pytest.mark.parametrize("seed", range(4))
def test_features_equal_the_loops(seed: int, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if seed % 2:
        request.getfixturevalue("by_intervals")
    history = random_history(seed, ACCOUNTS, MAKERS, most=(2, 6, 12, 25)[seed])
    seen, absent = computed(published(tmp_path, history, seed))
    assert absent == {}
    assert len(seen) == len(SNAPSHOTS) * (len(ACCOUNTS) + 1)
    assert mismatches(seen, history, absent) == []


def test_the_oracle_knows_every_feature() -> None:
    assert set(all_features(View({}, "nobody", *SNAPSHOTS[0]))) == {feature.name for feature in FEATURES}


@pytest.mark.parametrize("missing", ["subscriptions", "account_changes", "usage"])
def test_features_whose_table_is_missing_are_absent_and_the_rest_unchanged(missing: str, tmp_path: Path) -> None:
    history = random_history(99, ACCOUNTS, [name for name in MAKERS if name != missing])
    seen, absent = computed(published(tmp_path, history))
    direct = {f.name for f in FEATURES if f.facts == missing}
    assert direct <= set(absent)
    assert all(absent[name] == f"no {missing} in the ledger" for name in direct)
    assert set(next(iter(seen.values()))) == {f.name for f in FEATURES} - set(absent) | {"account_id", "as_of", "known_by"}
    assert mismatches(seen, history, absent) == []


@pytest.mark.usefixtures("by_intervals")
def test_batches_do_not_matter(tmp_path: Path) -> None:
    ledger = published(tmp_path, random_history(5, ACCOUNTS, MAKERS))
    assert computed(ledger, rows_a_batch=60) == computed(ledger)


@pytest.mark.usefixtures("by_intervals")
def test_the_future_deleted_changes_nothing(tmp_path: Path) -> None:
    history = random_history(7, ACCOUNTS, MAKERS, most=20)
    whole, _ = computed(published(tmp_path / "whole", history))
    for as_of, known_by in SNAPSHOTS[1], SNAPSHOTS[4]:
        past = {table: [row for row in rows if row["recorded_at"] < known_by] for table, rows in history.items()}
        cut, _ = computed(published(tmp_path / f"{as_of:%m%d%H%M%f}{known_by:%m%d%H%M%f}", past))
        for name in ACCOUNTS:
            assert cut[name, as_of, known_by] == whole[name, as_of, known_by]


TEXTS = {"account_segment", "account_industry", "account_country", "subscription_plan"}


def test_at_least_forty_five_features_are_served_and_each_says_what_it_is() -> None:
    served = [feature for feature in FEATURES if feature.served]
    assert len(served) >= 45
    assert {feature.name for feature in served if not feature.unit} == TEXTS
    for feature in FEATURES:
        assert re.fullmatch(r"[A-Z][^=*/\n]{10,99}\.", feature.meaning.replace(" = ", " ").replace(" (1 as", " (as")), feature.meaning
