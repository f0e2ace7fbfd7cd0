"""Sums by intervals are those of the join, to the last bit: late facts, facts planned ahead, two clocks, a zone that changes its clock."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from dealml.as_of.connection import QuerySettings, connect
from dealml.as_of.known_tables import known_tables
from dealml.features import engine
from dealml.features.definition import features_in
from dealml.features.engine import Engine
from dealml.features.plan import plan
from dealml.ledger.ledger import Ledger
from features import satisfaction, support, usage
from tests.features.account_history_fixtures import MOMENTS, published, random_history
from tests.features.test_account_oracle import SCHEMA

ACCOUNTS = [f"a{number}" for number in range(12)]
TABLES = ["usage", "surveys", "tickets"]
FAMILY = tuple(usage.usage_part.features([("reports",), ("calls",)], [(("reports",), ("calls",))]))
FEATURES = (*features_in(usage, satisfaction, support), *FAMILY)


def moments(seed: int) -> Iterator[dict[str, Any]]:
    """Weekly snapshots of some accounts, a few of others; some look back from later, and some do not know what is on record."""
    chance = random.Random(seed)
    weeks = [datetime(2025, 10, 19, 22, tzinfo=UTC) + timedelta(weeks=week) for week in range(36)]
    for account in ACCOUNTS:
        for at in chance.sample(weeks, chance.choice([3, 20, 36])) + MOMENTS:
            known_by = at + timedelta(days=chance.choice([0, 0, 0, 0, 5, 40, -20]))
            yield {"account_id": account, "as_of": at, "known_by": known_by}


def table(ledger: Ledger, rows: list[dict[str, Any]], zone: str = "UTC") -> pa.Table:
    con = connect(QuerySettings(time_zone=zone))
    tables = known_tables(con, ledger)
    con.con.register("snapshots", pa.Table.from_pylist(rows, SCHEMA))
    batches = Engine(con, tables, plan(FEATURES, "account_id", tables), "account_id").compute(con.table("snapshots"))
    keys = [(name, "ascending") for name in SCHEMA.names]
    return pa.concat_tables(batches).sort_by(keys)


def test_intervals_give_what_the_join_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, rows = published(tmp_path, random_history(2, ACCOUNTS, TABLES, most=40)), list(moments(2))
    joined = table(ledger, rows, "Europe/Warsaw")
    monkeypatch.setattr(engine, "MANY_PAIRS", 0)
    assert table(ledger, rows, "Europe/Warsaw").equals(joined)
