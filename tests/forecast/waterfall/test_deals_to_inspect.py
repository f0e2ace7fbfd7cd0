"""Deals to talk about first: each rule at its limit, the most money in question first, sentences with their numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from dealml.forecast.waterfall.deals_to_inspect import changed, slipping, stale, strong_omitted, weak_commits
from dealml.forecast.waterfall.result import DealToInspect, Move
from dealml.period import Period

QUARTER = Period.parse("2026Q1")
AT = pd.Timestamp("2026-02-01", tz="UTC").to_pydatetime()


def deals(*rows: dict[str, Any]) -> pd.DataFrame:
    plain = {
        "name": "Deal",
        "cents": 100,
        "whole": 1000,
        "close": "2026-03-01",
        "slip": 0.0,
        "stage": "Early",
        "silent_days": 0.0,
        "category": "Commit",
        "chance": 0.1,
    }
    table = pd.DataFrame([{"deal_id": f"D{place}"} | plain | row for place, row in enumerate(rows)])
    return table.assign(close=pd.to_datetime(table["close"], utc=True))


def ids(found: tuple[DealToInspect, ...]) -> list[str]:
    return [one.deal_id for one in found]


def move(deal: str, bar: str, cents: int, *reasons: str) -> Move:
    return Move(deal, f"Deal {deal}", "North", bar, cents, 0.2, 0.3, reasons)


def test_change_sums_a_deals_heads_and_tells_the_largest() -> None:
    moves = (
        move("A", "amount_up", 50_00, "Amount €2"),
        move("A", "score_down", -30_00),
        move("B", "lost", -90_00, "Lost on 5 Jan 2026"),
        move("C", "handed_over", -900_00),
        move("C", "handed_over", 900_00),
        move("E", "score_up", 10_00),
        move("E", "amount_down", -10_00),
    )
    found = changed(moves, "EUR")
    assert [(one.deal_id, one.cents, one.kind) for one in found] == [("B", 90_00, "change"), ("A", 20_00, "change")]
    assert found[0].sentence == "Expected money −€90, most of it under “Lost”. Lost on 5 Jan 2026."
    assert found[1].sentence == "Expected money +€20, most of it under “Amount up”. Amount €2."


@pytest.mark.parametrize(("with_losses", "least", "word"), [(True, 0.5, "still open"), (False, 0.8, "not won")])
def test_slipping_from_its_limit_within_the_period(with_losses: bool, least: float, word: str) -> None:
    table = deals(
        {"slip": least},
        {"slip": least - 0.001},
        {"slip": 0.99, "close": "2026-04-01", "cents": 900},
        {"slip": 0.99, "close": None},
        {"slip": np.nan, "close": "2026-01-20", "cents": 70},
        {"slip": 0.99, "cents": 0},
        {"slip": 0.99, "close": "2026-02-01", "cents": 60},
    )
    found = slipping(table, AT, QUARTER, with_losses)
    assert ids(found) == ["D0", "D4", "D6"]
    assert found[2].sentence.startswith("To close on 1 Feb 2026, in 0 days; ")
    assert found[0].sentence == f"To close on 1 Mar 2026, in 28 days; the chance of being {word} by then is {least * 100:.0f}%."
    assert found[1].sentence == "The close date, 20 Jan 2026, passed 12 days ago and the deal is still open."


def test_stale_is_silent_for_longer_than_nine_in_ten_won_deals_at_the_same_stage() -> None:
    usual = pd.DataFrame({"stage": ["Early", "Late", None], "won": [30, 29, 50], "days": [20.0, 5.0, 9.0]})
    table = deals(
        {"silent_days": 20.1},
        {"silent_days": 20.0},
        {"silent_days": 90.0, "stage": "Late"},
        {"silent_days": 90.0, "stage": "Unheard of"},
        {"silent_days": 9.5, "stage": None, "cents": 500},
    )
    found = stale(table, usual)
    assert ids(found) == ["D4", "D0"]
    assert found[1].sentence == "Silent for 20 days at Early; nine in ten of 30 won deals were never silent for more than 20 days there."
    assert not stale(table, usual.head(0))


def past(deals: int, won: int) -> pd.DataFrame:
    return pd.DataFrame({"category": ["commit", "pipeline"], "deals": [deals, 900], "won": [won, 1]})


def test_a_commit_is_weak_below_half_of_what_past_commits_came_to() -> None:
    table = deals(
        {"chance": 0.249, "category": "commit"},
        {"chance": 0.25},
        {"chance": 0.1, "category": "Best Case"},
        {"chance": 0.1, "close": "2026-04-01"},
        {"chance": 0.1, "close": None, "whole": 5000},
    )
    found = weak_commits(table, past(40, 20), QUARTER)
    assert [(one.deal_id, one.cents) for one in found] == [("D4", 4900), ("D0", 900)]
    assert found[1].sentence == "In commit, yet the chance to be won in Q1 2026 is 25%; 50% of 40 past commits were won."
    assert not weak_commits(table, past(29, 20), QUARTER)


def test_omitted_is_strong_from_what_past_commits_came_to() -> None:
    table = deals(
        {"chance": 0.5, "category": "Omitted"},
        {"chance": 0.499, "category": "Pipeline"},
        {"chance": 0.9, "category": "PIPELINE", "cents": 300, "close": "2026-06-01"},
        {"chance": 0.9, "category": "Best Case"},
        {"chance": 0.9, "category": None},
    )
    found = strong_omitted(table, past(40, 20), QUARTER)
    assert ids(found) == ["D2", "D0"]
    assert found[0].sentence == "In PIPELINE, yet the chance to be won in Q1 2026 is 90%; 50% of 40 past commits were won."
    assert not strong_omitted(table, past(29, 0), QUARTER)
