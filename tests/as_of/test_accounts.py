"""The account of a deal at a moment: moved, known later, merged, deleted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dealml.as_of.accounts import with_accounts
from dealml.as_of.connection import connect
from dealml.as_of.known_tables import known_tables
from dealml.as_of.lives import record_of
from tests.ledger_fixtures import ledger_of

START = datetime(2026, 1, 1, tzinfo=UTC)
Row = dict[str, Any]


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def deal(account: str | None, recorded: float, occurred: float = 1) -> Row:
    return {"deal_id": "D", "account_id": account, "occurred_at": day(occurred), "recorded_at": day(recorded)}


def event(at: float, what: str, account: str, into: str | None = None) -> Row:
    clocks = {"occurred_at": day(at), "recorded_at": day(at)}
    return clocks | {"record_id": account, "kind": "account", "event": what, "into_id": into}


def accounts(folder: Path, deals: list[Row], events: list[Row], *moments: float) -> list[str | None]:
    """The account of the deal at each moment."""
    con = connect()
    tables = known_tables(con, ledger_of(folder, {"deals": deals} | ({"record_events": events} if events else {})))
    values = ", ".join(f"('D', '{deals[0]['account_id']}', '{day(moment).isoformat()}'::TIMESTAMPTZ)" for moment in moments)
    rows = f"SELECT * FROM (VALUES {values}) AS v(deal_id, account_id, known_by)"
    found = con.raw_sql(f"SELECT account_id FROM ({with_accounts(con, tables, rows)}) ORDER BY known_by").fetchall()
    return [record_of(account) if account else None for (account,) in found]


def test_a_deal_that_moves_has_the_account_of_the_moment(tmp_path: Path) -> None:
    assert accounts(tmp_path, [deal("A", 1), deal("B", 10)], [], 5, 10, 11) == ["A", "A", "B"]


def test_an_account_is_not_known_before_it_is_recorded(tmp_path: Path) -> None:
    assert accounts(tmp_path, [deal(None, 1), deal("A", 10)], [], 5, 11) == [None, "A"]


def test_what_was_true_earlier_does_not_replace_a_later_account(tmp_path: Path) -> None:
    assert accounts(tmp_path, [deal("B", 2, occurred=2), deal("A", 10, occurred=1)], [], 5, 11) == ["B", "B"]


def test_a_deal_that_never_moved_has_the_account_that_it_began_with(tmp_path: Path) -> None:
    assert accounts(tmp_path, [deal("A", 5)], [], 3, 9) == ["A", "A"]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([event(6, "merged", "A", "B")], ["A", "B", "B"]),
        ([event(6, "merged", "A", "B"), event(8, "merged", "B", "C")], ["A", "B", "C"]),
        ([event(6, "deleted", "A")], ["A", None, None]),
        ([event(6, "deleted", "A"), event(8, "restored", "A")], ["A", None, "A"]),
    ],
)
def test_an_account_is_the_record_that_it_is_part_of_then(events: list[Row], expected: list[str | None], tmp_path: Path) -> None:
    assert accounts(tmp_path, [deal("A", 1)], events, 5, 7, 9) == expected
