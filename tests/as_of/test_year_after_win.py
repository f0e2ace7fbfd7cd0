"""Customers a year after a win, by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dealml.as_of.connection import connect
from dealml.as_of.known_tables import tables_at
from dealml.as_of.year_after_win import stayed_a_year
from tests.ledger_fixtures import ledger_of

START = datetime(2024, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=500)


def event(account: str, subscription: str, day: int, kind: str) -> dict[str, Any]:
    moment = START + timedelta(days=day)
    return {"account_id": account, "subscription_id": subscription, "event": kind, "occurred_at": moment, "recorded_at": moment}


def test_an_account_stayed_where_any_contract_ran_on_the_day(tmp_path: Path) -> None:
    events = [
        event("stays", "s1", 1, "start"),
        event("left", "s2", 1, "start"), event("left", "s2", 365, "cancellation"),  # on the very day
        event("left later", "s3", 1, "start"), event("left later", "s3", 366, "cancellation"),
        event("moved", "s4", 1, "start"), event("moved", "s4", 100, "cancellation"), event("moved", "s5", 100, "start"),
        event("came later", "s6", 400, "start"),
        event("young", "s7", 300, "start"),
    ]  # fmt: skip
    con = connect()
    con.create_table("subscriptions", tables_at(con, ledger_of(tmp_path / "ledger", {"subscriptions": events}), NOW)["subscriptions"])
    won = dict.fromkeys(("stays", "left", "left later", "moved", "came later", "never"), 0) | {"young": 200}
    rows = ", ".join(f"('{name}', TIMESTAMPTZ '{START + timedelta(days=day)}')" for name, day in won.items())
    wins = f"SELECT * FROM (VALUES {rows}) AS w(account_id, won_at)"
    found = {name: stayed for name, _, stayed in con.con.sql(stayed_a_year(wins, NOW)).fetchall()}
    assert found == {"stays": True, "left": False, "left later": True, "moved": True}
