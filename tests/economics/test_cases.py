"""The cases that economics learn from, as of a moment, against the facts they are made of."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from ibis.backends.duckdb import Backend

from dealml.as_of.connection import connect
from dealml.economics import cases
from dealml.economics.ledger_tables import open_tables
from tests.economics.economics_fixtures import AT, Facts, at, company, costs, day, deal, merged, subscribed
from tests.ledger_fixtures import ledger_of


def opened(folder: Path, facts: Facts, moment: datetime = AT) -> Backend:
    con = connect()
    open_tables(con, ledger_of(folder, facts), moment, "EUR")
    cases.make_customers(con, moment)
    return con


def left(account: str, ago: float) -> Facts:
    return {"subscriptions": [{"account_id": account, "subscription_id": account, "event": "cancellation", **at(day(ago))}]}


def test_costs_of_a_late_win_are_not_settled(tmp_path: Path) -> None:
    facts = merged(
        deal("old", 300, won=200, amount=5_000), costs("old", 150, goods=400), deal("late", 100, won=50), costs("late", 20, goods=9)
    )
    won = cases.won_deals(opened(tmp_path / "l", facts), AT, 180).set_index("deal_id")
    assert won.loc["old", ["goods", "services"]].tolist() == [400, 0]
    assert won.loc["late", ["goods", "services"]].isna().all()


def test_open_deals_are_those_that_are_open_then(tmp_path: Path) -> None:
    facts = merged(company(), deal("again", 90, lost=60), {"outcomes": [{"deal_id": "again", "outcome": "reopened", **at(day(40))}]})
    con = opened(tmp_path / "l", facts)
    assert cases.open_deals(con, AT)["deal_id"].tolist() == ["again", "large", "small"]
    earlier = opened(tmp_path / "m", facts, day(50))
    assert cases.open_deals(earlier, day(50))["deal_id"].tolist() == []


def test_a_customer_has_been_one_for_some_months(tmp_path: Path) -> None:
    facts = merged(company(), subscribed("a-small", 365.25), subscribed("a-large", 400), left("a-large", 30))
    deals = cases.open_deals(opened(tmp_path / "l", facts), AT).set_index("deal_id")
    assert deals["is_customer"].to_dict() == {"large": False, "small": True}
    assert deals.loc["small", "tenure"] == pytest.approx(12)


def test_without_subscriptions_who_was_won_before_is_a_customer(tmp_path: Path) -> None:
    facts = merged(deal("first", 300, won=200), deal("second", 30))
    for row in facts["deals"]:
        row["account_id"] = "a"
    assert cases.open_deals(opened(tmp_path / "l", facts), AT)["is_customer"].tolist() == [True]


def test_customers_are_observed_from_the_first_cancellation_on(tmp_path: Path) -> None:
    month = 365.25 / 12
    facts = merged(deal("d", 10), subscribed("a", 20 * month), left("a", 10 * month), subscribed("b", 15 * month))
    table = cases.customers(opened(tmp_path / "l", facts), AT).sort_values("entered", ignore_index=True)
    assert table["left"].tolist() == [False, True]
    assert table["entered"].tolist() == pytest.approx([5, 10], abs=0.05)
    assert table["ended"].tolist() == pytest.approx([15, 10])


def test_without_a_cancellation_on_record_nobody_tells_of_survival(tmp_path: Path) -> None:
    assert not len(cases.customers(opened(tmp_path / "l", company()), AT))


def test_growth_is_that_of_customers_of_a_year_who_stay(tmp_path: Path) -> None:
    more = {"account_id": "b", "subscription_id": "b", "event": "expansion", "arr": 15_000, **at(day(100))}
    facts = merged(
        deal("d", 10), subscribed("b", 500), {"subscriptions": [more]}, subscribed("new", 100), subscribed("gone", 500), left("gone", 50)
    )
    growth = cases.revenue_growth(opened(tmp_path / "l", facts), AT)
    assert growth[["account_id", "before", "added"]].to_numpy().tolist() == [["b", 10_000, 5_000]]


def test_leads_say_what_became_of_them_and_what_they_took(tmp_path: Path) -> None:
    events = [{"lead_id": "L1", "event": "created", "segment": "SMB", **at(day(9))}, {"lead_id": "L1", "event": "touched", **at(day(3))}]
    entries = [{"entry_id": str(n), "lead_id": "L1", "role": "seller", "hours": 1.5, **at(day(n))} for n in (4, 5)]
    con = opened(tmp_path / "l", merged(company(), {"leads": events, "time_entries": entries}))
    (row,) = cases.leads(con, AT, ["seller"]).to_dict("records")
    assert (row["event"], row["segment"], row["seller"], row["is_customer"]) == ("created", "SMB", 3.0, False)
