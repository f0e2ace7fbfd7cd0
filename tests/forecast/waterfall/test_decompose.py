"""Heads: every cent of every deal, in total and of each team, against the obvious way of telling it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealml.forecast.waterfall.decompose import DealStates, moves, waterfalls
from dealml.forecast.waterfall.result import CATEGORIES
from tests.forecast.waterfall_fixtures import deals, sides, told, worth

JANUARY, MARCH = pd.Timestamp("2026-01-10"), pd.Timestamp("2026-03-10")


@settings(max_examples=100, deadline=None)
@given(pairs=st.lists(deals(), max_size=12))
def test_every_cent_balances_in_total_and_of_each_team(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    then, now = sides(pairs)
    parts = moves(then, now)
    total, teams = waterfalls(then, now, parts)
    assert total.before == sum(worth(one) for one, _ in pairs)
    assert total.after == sum(worth(one) for _, one in pairs)
    assert total.before + sum(total.by_category.values()) == total.after
    assert total.by_category["handed_over"] == 0
    for team, own in teams.items():
        assert own.before == sum(worth(one) for one, _ in pairs if one["team"] == team)
        assert own.after == sum(worth(one) for _, one in pairs if one["team"] == team)
        assert own.before + sum(own.by_category.values()) == own.after
    if teams:
        assert {bar: sum(own.by_category[bar] for own in teams.values()) for bar in CATEGORIES} == dict(total.by_category)


@settings(max_examples=100, deadline=None)
@given(pairs=st.lists(deals(), max_size=12))
def test_every_part_stands_where_the_obvious_way_puts_it(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    parts = moves(*sides(pairs))
    assert (parts["cents"] != 0).all()
    for row, (then, now) in enumerate(pairs):
        own = parts[parts["deal"] == row]
        assert dict(zip(zip(own["team"], own["category"], strict=True), own["cents"].tolist(), strict=True)) == told(then, now)


def one(status: str, chance: float, amount: float = 100.0, rate: float = 1.0, team: str = "North", close: Any = JANUARY) -> DealStates:
    row = {"status": status, "chance": chance, "amount": amount, "rate": rate, "team": team, "close": close}
    return DealStates.of(pd.DataFrame([row]).astype({"close": "datetime64[us]"}))


NONE = float("nan")
CASES = {
    "created since": (one("absent", 0), one("open", 0.5), {"new": 5000}),
    "created and won since": (one("absent", 0), one("won", 1), {"won": 10000}),
    "created and lost since": (one("absent", 0), one("lost", 0), {}),
    "won": (one("open", 0.4), one("won", 1), {"won": 6000}),
    "won at another amount and rate: all under won": (one("open", 0.4), one("won", 1, 300, 2), {"won": 56000}),
    "won before the period began": (one("open", 0.4), one("won", 0), {"won": -4000}),
    "lost": (one("open", 0.4), one("lost", 0), {"lost": -4000}),
    "won, then reopened": (one("won", 1), one("open", 0.3), {"reopened": -7000}),
    "lost, then reopened": (one("lost", 0), one("open", 0.3), {"reopened": 3000}),
    "lost, reopened and won": (one("lost", 0), one("won", 1), {"won": 10000}),
    "won, reopened and lost": (one("won", 1), one("lost", 0), {"lost": -10000}),
    "amount corrected after the win": (one("won", 1), one("won", 1, 120), {"amount_up": 2000}),
    "amount cut": (one("open", 0.5), one("open", 0.5, 80), {"amount_down": -1000}),
    "amount first known now": (one("open", 0.5, NONE), one("open", 0.5), {"amount_up": 5000}),
    "rate first known now": (one("open", 0.5, 100, NONE), one("open", 0.5), {"amount_up": 5000}),
    "amount no longer known": (one("open", 0.5), one("open", 0.6, NONE), {"amount_down": -5000}),
    "never an amount": (one("open", 0.5, NONE), one("open", 0.6, NONE), {}),
    "rate": (one("open", 0.5), one("open", 0.5, 100, 1.1), {"exchange_rates": 500}),
    "rate, amount and chance": (
        one("open", 0.5),
        one("open", 0.6, 200, 1.1),
        {"exchange_rates": 500, "amount_up": 5500, "score_up": 2200},
    ),
    "pushed": (one("open", 0.5), one("open", 0.2, close=MARCH), {"pushed": -3000}),
    "pushed, and likelier all the same": (one("open", 0.5), one("open", 0.6, close=MARCH), {"pushed": 1000}),
    "pulled in": (one("open", 0.2, close=MARCH), one("open", 0.5), {"pulled_in": 3000}),
    "a close date that was not known then is no push": (one("open", 0.5, close=None), one("open", 0.2), {"score_down": -3000}),
    "score up": (one("open", 0.2), one("open", 0.5), {"score_up": 3000}),
    "nothing happened": (one("open", 0.2), one("open", 0.2), {}),
    "handed over": (one("open", 0.2), one("open", 0.5, team="South"), {"score_up": 3000, "handed_over": 0}),
}


@pytest.mark.parametrize("case", CASES)
def test_a_deal_stands_under_its_head(case: str) -> None:
    then, now, expected = CASES[case]
    parts = moves(then, now)
    assert parts.groupby("category")["cents"].sum().to_dict() == expected
    assert list(parts["category"]) == sorted(parts["category"], key=list(CATEGORIES).index)


def test_a_handover_takes_from_one_team_and_gives_to_the_other() -> None:
    then, now = one("open", 0.2), one("open", 0.5, team="South")
    _, teams = waterfalls(then, now, moves(then, now))
    assert (teams["North"].before, teams["North"].after) == (2000, 0)
    assert {bar: cents for bar, cents in teams["North"].by_category.items() if cents} == {"handed_over": -2000}
    assert (teams["South"].before, teams["South"].after) == (0, 5000)
    assert {bar: cents for bar, cents in teams["South"].by_category.items() if cents} == {"handed_over": 2000, "score_up": 3000}


def test_without_teams_there_is_the_total_alone() -> None:
    then, now = one("open", 0.2, team=""), one("open", 0.5, team="")
    total, teams = waterfalls(then, now, moves(then, now))
    assert (total.before, total.after, teams) == (2000, 5000, {})


def test_an_amount_without_money_of_its_own_moves_nothing() -> None:
    """Thirds of a cent in each part: rounding loses none and makes none."""
    then, now = one("open", 1 / 3, 0.1, 1 / 3), one("open", 2 / 3, 0.2, 2 / 3)
    parts = moves(then, now)
    assert parts["cents"].sum() == now.cents[0] - then.cents[0]
