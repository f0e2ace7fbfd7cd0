"""The company's record by kind: a kind is measured against the company of the same moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dealml.learning.spec import Model
from dealml.learning.view import View
from dealml.ledger.ledger import Ledger
from dealml.load_definitions import load_model
from tests.conftest import ROOT
from tests.features.deal_history_fixtures import START
from tests.ledger_fixtures import ledger_of

Tables = dict[str, list[dict[str, Any]]]
DEALS, A_DAY, DATES = 600, 10, (15, 30, 40, 50, 61)
"""Ten deals close a day: of the first 300 seven in ten are won, then four in ten."""
KINDS = ("segment", "industry", "problem", "trigger", "competitor", "source")
KEYS = (*KINDS, "stage", "subscription_plan")
LIFTS = [f"{kind}_win_lift" for kind in (*KINDS, "stage", "account")]


def facts(day: float, **values: Any) -> dict[str, Any]:
    at = START + timedelta(days=day)
    return {"occurred_at": at, "recorded_at": at} | values


def was_won(number: int) -> bool:
    return number % 10 < (7 if number < DEALS // 2 else 4)


def company(kinds: int) -> Tables:
    """Deals of so many kinds in turn, and one open deal of each; each is a subscription too, and one that is lost is cancelled."""
    names = [f"D{number:03d}" for number in range(DEALS + kinds)]
    deals = [facts(0, deal_id=name, account_id=f"A{number % kinds}") for number, name in enumerate(names)]
    changes = [
        facts(0.1, deal_id=name, field=field, text=f"{field} {number % kinds}")
        for number, name in enumerate(names)
        for field in (*KINDS, "stage")
    ]
    outcomes = [
        facts(1.5 + number // A_DAY, deal_id=name, outcome="won" if was_won(number) else "lost")
        for number, name in enumerate(names[:DEALS])
    ]
    return {"deals": deals, "deal_changes": changes, "outcomes": outcomes}


def subscribed(tables: Tables) -> Tables:
    """The same company, whose deals are accounts: one that is lost cancels."""
    named = {row["deal_id"]: row["text"] for row in tables["deal_changes"] if row["field"] == "segment"}
    accounts = [facts(0, account_id=deal) for deal in named]
    fields = {"segment": "segment", "industry": "industry", "country": "country"}
    changes = [facts(0, account_id=deal, field=field, text=text) for deal, text in named.items() for field in fields]
    starts = [facts(0.2, account_id=deal, subscription_id=deal, event="start", plan=text) for deal, text in named.items()]
    ends = [
        facts(row_day(row), account_id=row["deal_id"], subscription_id=row["deal_id"], event="cancellation")
        for row in tables["outcomes"]
        if row["outcome"] == "lost"
    ]
    return {"accounts": accounts, "account_changes": changes, "subscriptions": starts + ends}


def row_day(row: dict[str, Any]) -> float:
    return float((row["recorded_at"] - START) / timedelta(days=1))


@cache
def spec(name: str) -> Model:
    """A model with the lifts alone, and what they are by."""
    model = load_model(ROOT, name)
    return replace(model, features=tuple(f for f in model.all_features if f.subject in ("history", "account") or f.name in KEYS))


def open_now(ledger: Ledger, model: str, day: int) -> pd.DataFrame:
    return View.of(ledger, spec(model), START + timedelta(days=day)).at_stake()


@pytest.fixture(scope="module")
def of_one_kind(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return ledger_of(tmp_path_factory.mktemp("one"), company(1))


@pytest.mark.parametrize("day", DATES)
def test_a_kind_that_holds_every_deal_differs_by_nothing_at_any_date(day: int, of_one_kind: Ledger) -> None:
    assert (open_now(of_one_kind, "deal_win", day)[LIFTS] == 0).all(axis=None)


def test_a_kind_that_holds_every_deal_differs_by_nothing_after_some_were_deleted(tmp_path: Path) -> None:
    gone = [facts(20, record_id=f"D{number:03d}", kind="deal", event="deleted") for number in range(0, 100, 3)]
    ledger = ledger_of(tmp_path, company(1) | {"record_events": gone})
    assert (open_now(ledger, "deal_win", DATES[-1])[LIFTS] == 0).all(axis=None)


def test_a_kind_that_holds_every_account_differs_by_nothing_at_any_date(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, subscribed(company(1)))
    for day in DATES[::2]:
        table = open_now(ledger, "account_churn", day)
        lifts = [f"{kind}_churn_lift" for kind in ("segment", "industry", "plan", "country")]
        assert len(table) > 0
        assert (table[lifts] == 0).all(axis=None)


def test_a_kind_is_measured_against_the_company_of_the_same_moment(tmp_path: Path) -> None:
    at = DATES[2]
    table = open_now(ledger_of(tmp_path, company(3)), "deal_win", at)
    closed = range((at - 2) * A_DAY)
    rate = sum(map(was_won, closed)) / len(closed)
    for number, lift in enumerate(table.sort_values("deal_id").tail(3)["segment_win_lift"]):
        mine = [was_won(deal) for deal in closed if deal % 3 == number]
        assert lift == pytest.approx((sum(mine) - rate * len(mine)) / (len(mine) + 20), abs=1e-12)
