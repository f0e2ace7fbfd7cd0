"""Tables as known before a moment, in an order that the ledger's files have no part in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from dealml.as_of.connection import connect
from dealml.as_of.known_tables import known_tables
from tests.ledger_fixtures import ledger_of

START = datetime(2026, 1, 1, tzinfo=UTC)


def test_only_what_was_recorded_strictly_before_is_there(tmp_path: Path) -> None:
    rows = [{"deal_id": f"D{day}", "occurred_at": START, "recorded_at": START + timedelta(days=day)} for day in range(3)]
    con = connect()
    table = known_tables(con, ledger_of(tmp_path, {"deals": rows}), START + timedelta(days=2))["deals"]
    assert sorted(con.to_pyarrow(table)["deal_id"].to_pylist()) == ["D0", "D1"]


def test_of_one_instant_the_declared_order_decides_and_not_the_alphabet(tmp_path: Path) -> None:
    clocks = {"occurred_at": START, "recorded_at": START, "deal_id": "D", "field": "stage"}
    rows = [clocks | {"text": "Zero", "number": 1.0}, clocks | {"text": "Alpha", "number": 2.0}]
    con = connect()
    table = con.to_pyarrow(known_tables(con, ledger_of(tmp_path, {"deal_changes": rows}))["deal_changes"])
    assert sorted(zip(table["_order"].to_pylist(), table["text"].to_pylist(), strict=True)) == [(0, "Zero"), (1, "Alpha")]
