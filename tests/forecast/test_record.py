"""What is on record of deals, against a slow loop over the facts, and against a ledger that ends earlier."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dealml.errors import InputError
from dealml.forecast.actuals import total, won_in, won_within
from dealml.forecast.record import UNKNOWN, Record
from dealml.learning.view import View
from dealml.period import Period
from dealml.project import Project
from tests.as_of.random_deals import Company, day
from tests.as_of.random_deals import fact as day_fact
from tests.as_of.readers import SPEC
from tests.forecast.history_fixtures import START, Facts, change, drawn_facts, fact, hour, ledger, record
from tests.ledger_fixtures import cut, ledger_of

END = hour(72)
SEEDS = range(12)


def latest(facts: Facts, deal: str, field: str, until: datetime, inclusive: bool = False) -> Any:
    """The value that occurred last of those recorded before a moment, by a loop."""
    column = {"amount": "amount", "close_date": "moment"}.get(field, "text")
    rows = [row for row in facts.get("deal_changes", []) if row["deal_id"] == deal and row["field"] == field]
    rows = [row for row in rows if row["recorded_at"] < until or (inclusive and row["recorded_at"] == until)]
    # The contract's order: by occurrence, then recording, then (no sequence here) the columns' own order.
    return max(rows, key=lambda row: (row["occurred_at"], row["recorded_at"], row[column]))[column] if rows else None


def money(facts: Facts, deal: str, at: datetime, inclusive: bool = False) -> float:
    amount, currency = (latest(facts, deal, field, at, inclusive) for field in ("amount", "currency"))
    if amount is None:
        return math.nan
    rates = [row for row in facts["rates"] if row["currency"] == currency]
    rates = [row for row in rates if row["recorded_at"] < at]
    if not rates:
        return float(amount) if currency in (None, "EUR") else math.nan
    return float(amount) * float(max(rates, key=lambda row: (row["occurred_at"], row["rate"]))["rate"])


def turns(facts: Facts, deal: str) -> list[tuple[datetime, str]]:
    """Changes of how a deal ended, in the order of recording."""
    rows = sorted(
        (row for row in facts.get("outcomes", []) if row["deal_id"] == deal), key=lambda row: (row["recorded_at"], row["outcome"])
    )
    return [(row["recorded_at"], row["outcome"]) for row in rows]


def won_by_a_loop(facts: Facts, start: datetime, end: datetime, as_of: datetime) -> dict[str, float]:
    """Walk through each deal's outcomes up to the moment: what it is on record as, and since when."""
    found, until = {}, min(end, as_of)
    for row in facts["deals"]:
        state, since = None, None
        for at, outcome in turns(facts, row["deal_id"]):
            if at >= until:
                break
            if outcome != state:
                state, since = outcome, at
        if state == "won" and since is not None and since >= start:
            found[row["deal_id"]] = money(facts, row["deal_id"], since, inclusive=True)
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_rates_are_those_that_were_known(tmp_path: Path, seed: int) -> None:
    facts = drawn_facts(seed)
    held = record(ledger(tmp_path / "l", facts), END)
    for at in (hour(1), hour(20), hour(33), END):
        known = [row for row in facts["rates"] if row["recorded_at"] < at]
        latest = {row["currency"]: float(row["rate"]) for row in sorted(known, key=lambda row: (row["occurred_at"], row["rate"]))}
        assert held.rates(at) == pytest.approx({"EUR": 1.0} | latest)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_won_is_what_a_loop_finds(tmp_path: Path, seed: int) -> None:
    facts = drawn_facts(seed)
    if "outcomes" not in facts or len({(r["deal_id"], r["recorded_at"]) for r in facts["outcomes"]}) < len(facts["outcomes"]):
        facts["outcomes"] = _one_a_moment(facts.get("outcomes", [])) or [fact(5, deal_id="D0", outcome="lost")]
    wins = record(ledger(tmp_path / "l", facts), END).wins
    for start, end, as_of in ((0, 72, 72), (10, 30, 72), (10, 30, 20), (0, 45, 33), (20, 60, 21)):
        found = won_within(wins, hour(start), hour(end), hour(as_of))
        got = dict(zip(found["deal_id"], found["money"], strict=True))
        assert got == pytest.approx(won_by_a_loop(facts, hour(start), hour(end), hour(as_of)), nan_ok=True)


def _one_a_moment(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Outcomes of one deal in one instant have no order: keep one."""
    return list({(row["deal_id"], row["recorded_at"]): row for row in rows}.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_money_of_open_deals_is_what_a_loop_finds(tmp_path: Path, seed: int) -> None:
    facts = drawn_facts(seed)
    facts.setdefault("outcomes", [fact(5, deal_id="D0", outcome="lost")])
    moments = [hour(at) for at in (12, 25, 40, 55)]
    table = record(ledger(tmp_path / "l", facts), END).open_at(moments)
    assert len(table)
    for row in table.itertuples():
        assert row.money == pytest.approx(money(facts, row.deal_id, row.as_of.to_pydatetime()), nan_ok=True)
        assert row.team == (latest(facts, row.deal_id, "team", row.as_of.to_pydatetime()) or UNKNOWN)


@pytest.mark.parametrize("seed", SEEDS)
def test_deleting_the_future_changes_nothing_of_the_past(tmp_path: Path, seed: int) -> None:
    facts = drawn_facts(seed)
    facts.setdefault("outcomes", [fact(5, deal_id="D0", outcome="lost")])
    whole, moment = ledger(tmp_path / "whole", facts), hour(33)
    later, then = record(whole, END), record(cut(whole, tmp_path / "cut", moment), moment)
    pd.testing.assert_frame_equal(later.open_at([moment]), then.open_at([moment]))
    period = Period(hour(5), hour(50), "week")
    columns = ["deal_id", "won_at", "money", "team"]
    one, other = (won_in(known.wins, period, moment)[columns].reset_index(drop=True) for known in (later, then))
    pd.testing.assert_frame_equal(one, other)


def small(tmp_path: Path, outcomes: list[dict[str, Any]], changes: list[dict[str, Any]] | None = None) -> Record:
    facts = {
        "deals": [fact(1, deal_id="D", account_id="A")],
        "deal_changes": changes or [change(1, "D", "amount", 100)],
        "outcomes": outcomes,
    }
    return record(ledger(tmp_path / "l", facts), END)


def test_a_win_counts_from_its_own_instant_and_not_at_the_end(tmp_path: Path) -> None:
    wins = small(tmp_path, [fact(10, deal_id="D", outcome="won")]).wins
    assert total(won_within(wins, hour(10), hour(20), END)) == 100
    assert total(won_within(wins, hour(5), hour(10), END)) == 0
    assert total(won_within(wins, hour(5), hour(20), hour(10))) == 0


def test_a_win_said_twice_is_one_win(tmp_path: Path) -> None:
    wins = small(tmp_path, [fact(at, deal_id="D", outcome="won") for at in (10, 12)]).wins
    assert len(wins) == 1
    assert wins["won_at"].iloc[0] == hour(10)


def test_a_win_taken_back_within_the_period_does_not_count_and_later_it_does(tmp_path: Path) -> None:
    wins = small(tmp_path, [fact(10, deal_id="D", outcome="won"), fact(15, deal_id="D", outcome="reopened")]).wins
    assert total(won_within(wins, hour(5), hour(20), END)) == 0
    assert total(won_within(wins, hour(5), hour(20), hour(15))) == 100
    assert total(won_within(wins, hour(5), hour(14), END)) == 100


def test_the_amount_is_that_of_the_win_and_no_later_one(tmp_path: Path) -> None:
    changes = [change(1, "D", "amount", 100), change(10, "D", "amount", 90), change(11, "D", "amount", 5)]
    assert small(tmp_path, [fact(10, deal_id="D", outcome="won")], changes).wins["money"].tolist() == [90]


def test_the_rate_is_what_was_on_record_before_the_win(tmp_path: Path) -> None:
    facts = {
        "deals": [fact(1, deal_id="D")],
        "deal_changes": [change(1, "D", "amount", 100), change(1, "D", "currency", "USD")],
        "outcomes": [fact(10, deal_id="D", outcome="won")],
        "rates": [fact(at, currency="USD", rate=rate) for at, rate in ((2, 5.0), (10, 2.0), (11, 9.0))],
    }
    found = record(ledger(tmp_path / "l", facts), END)
    assert found.wins["money"].tolist() == [500]
    assert found.open_at([hour(10)])["money"].tolist() == [500]


def test_a_ledger_without_attributes_has_deals_without_money(tmp_path: Path) -> None:
    facts = {"deals": [fact(1, deal_id="D", account_id="A")], "outcomes": [fact(10, deal_id="E", outcome="won")]}
    found = record(ledger(tmp_path / "l", facts), END)
    assert found.open_at([hour(5)])["money"].isna().all()
    assert found.wins["money"].isna().all()


def test_a_stage_counts_as_passed_where_it_was_on_record_before_the_end(tmp_path: Path) -> None:
    facts = {
        "deals": [fact(1, deal_id=deal) for deal in ("A", "B", "C")],
        "deal_changes": [
            change(2, "A", "stage", "Demo"),
            change(3, "A", "stage", "Offer"),
            change(4, "A", "stage", "Trial", occurred=2.5),  # told late, and never the latest: it was passed all the same
            change(2, "B", "stage", "Demo"),
            change(9, "B", "stage", "Offer"),  # after the end
            change(2, "C", "stage", "Demo"),
        ],
        "outcomes": [fact(8, deal_id="A", outcome="won"), fact(8, deal_id="B", outcome="lost"), fact(20, deal_id="C", outcome="won")],
    }
    found = record(ledger(tmp_path / "l", facts), END)
    assert found.stage_rates(hour(10)) == {"Demo": 0.5, "Offer": 1.0, "Trial": 1.0}
    assert found.stage_rates(hour(21)) == {"Demo": pytest.approx(2 / 3), "Offer": 1.0, "Trial": 1.0}


def test_no_deal_by_then(tmp_path: Path) -> None:
    held = ledger(tmp_path / "l", {"deals": [fact(30, deal_id="D")], "outcomes": [fact(40, deal_id="D", outcome="won")]})
    with pytest.raises(InputError, match="no deal was on record before 2024-01-01"):
        record(held, START + timedelta(hours=2))


def test_money_is_the_feature_that_pages_show(imported: Project) -> None:
    from dealml.learning.view import View
    from dealml.load_definitions import load_model

    moment = datetime(2025, 6, 2, tzinfo=UTC)
    view = View.of(imported.ledger, load_model(imported.folder, "deal_win"), moment, imported.query_settings)
    theirs = view.at_stake().set_index("deal_id")
    mine = Record.of(view, "EUR").open_at([moment]).set_index("deal_id")
    assert list(mine.index) == list(theirs.index)
    assert mine["money"].notna().any()
    assert np.allclose(mine["money"], theirs["amount_base"].astype(float), equal_nan=True)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(1, 6))])
def test_a_record_opened_later_says_of_the_past_what_one_opened_then_did(seed: int, tmp_path: Path) -> None:
    """Though records were deleted, restored and merged since."""
    deals, begin = Company(seed, record_events=14), day(-99)
    stages = [day_fact(2, 2, deal_id=row["deal_id"], field="stage", text="Offer") for row in deals.deals]
    facts = ledger_of(tmp_path / "l", deals.facts | {"deal_changes": [*deals.changes, *stages]})
    later = Record.of(View.of(facts, SPEC, day(40)), "EUR")
    for at in (day(moment) for moment in Company.MOMENTS[1:]):
        then = Record.of(View.of(facts, SPEC, at), "EUR")
        wins, once = (won_within(of.wins, begin, at, at)[["deal_id", "won_at", "money"]] for of in (later, then))
        pd.testing.assert_frame_equal(wins.reset_index(drop=True), once.reset_index(drop=True))
        assert sorted(wins["deal_id"]) == [deal for deal, state in deals.states(at).items() if state == "won"]
        assert later.stage_rates(at) == then.stage_rates(at)
    assert later.stage_rates(day(31))["Offer"] > 0
