"""Deals as of a moment: their latest terms in the project's currency, and their costs, each booking once."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealml.as_of.connection import connect
from dealml.economics.ledger_tables import open_tables
from tests.economics.economics_fixtures import AT, at, costs, day, deal, merged, offer
from tests.ledger_fixtures import ledger_of


def rows_of(folder: Path, facts: dict, query: str) -> list[tuple]:
    con = connect()
    open_tables(con, ledger_of(folder, facts), AT, "EUR")
    return con.raw_sql(query).fetchall()  # type: ignore[no-any-return]


def test_the_latest_offer_counts_in_the_projects_currency(tmp_path: Path) -> None:
    currency = {"deal_changes": [{"deal_id": "d", "field": "currency", "text": "USD", **at(day(20))}]}
    rates = [{"currency": "USD", "rate": rate, **at(day(ago))} for rate, ago in ((0.8, 40), (0.9, 10))]
    facts = merged(
        deal("d", 30, amount=9_000), offer("d", 20, 1_000, 0.1, 0.0, 100), offer("d", 5, 2_000, 0.2, 0.3, 200), currency, {"rates": rates}
    )
    (row,) = rows_of(tmp_path / "l", facts, "SELECT price, discount, customised, services_sold, amount, unrated FROM deal")
    assert row == pytest.approx((1_800, 0.2, 0.3, 180, 8_100, False))


def test_a_corrected_cost_counts_once_and_one_of_no_deal_not_at_all(tmp_path: Path) -> None:
    facts = merged(deal("d", 30), costs("d", 20, goods=100), {"costs": [{"cost_id": "s", "kind": "services", "value": 7, **at(day(20))}]})
    facts["costs"].append(facts["costs"][0] | {"value": 150, "recorded_at": day(10)})
    facts["costs"].append(facts["costs"][0] | {"value": 999, "recorded_at": day(-10)})
    assert rows_of(tmp_path / "l", facts, "SELECT deal_id, kind, money FROM cost_of_deal") == [("d", "goods", 150.0)]


def test_segment_and_industry_are_the_accounts_where_the_deal_has_none(tmp_path: Path) -> None:
    attributes = [
        {"account_id": "a-d", "field": name, "text": text, **at(day(20))} for name, text in (("segment", "Large"), ("industry", "Retail"))
    ]
    facts = merged(deal("d", 30, segment=None), deal("e", 30), {"account_changes": attributes})
    got = rows_of(tmp_path / "l", facts, "SELECT deal_id, segment, industry FROM deal ORDER BY deal_id")
    assert got == [("d", "Large", "Retail"), ("e", "SMB", None)]


def test_the_tables_that_hold_anything_are_named(tmp_path: Path) -> None:
    assert open_tables(connect(), ledger_of(tmp_path / "l", deal("d", 30)), AT, "EUR") == {"deals", "deal_changes"}
