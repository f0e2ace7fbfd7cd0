"""What the record says of a move, in words."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from dealml.forecast.labels import days
from dealml.forecast.waterfall.reasons import move_reasons
from dealml.forecast.waterfall.result import CATEGORIES


def facts(**own: Any) -> dict[str, Any]:
    known = {
        "created_at": "2026-01-02",
        "ended_at": "2026-01-20",
        "won_at": "2026-01-19",
        "close": "2026-02-01",
    }
    plain = {"reason": None, "rival": float("nan"), "competitor": None, "amount": 1200.0, "currency": "USD", "rate": 0.91, "stage": None}
    given = {name: own.pop(name, moment) for name, moment in known.items()}
    return {name: pd.Timestamp(moment) for name, moment in given.items()} | plain | {"team": "North"} | own


@pytest.mark.parametrize(
    ("category", "then", "now", "words"),
    [
        ("won", {}, {}, "Won on 19 Jan 2026"),
        ("won", {}, {"reason": "Fit", "competitor": "Them"}, "Won on 19 Jan 2026: Fit; competitor on record: Them"),
        ("lost", {}, {"reason": "Price", "rival": "Others", "competitor": "Them"}, "Lost on 20 Jan 2026: Price, to Others"),
        ("lost", {}, {"competitor": "Them"}, "Lost on 20 Jan 2026; competitor on record: Them"),
        ("new", None, {"stage": "Early"}, "Created on 2 Jan 2026: $1,200, at Early"),
        ("new", None, {"amount": float("nan")}, "Created on 2 Jan 2026: no amount"),
        ("reopened", None, {}, "Reopened on 20 Jan 2026"),
        ("pushed", {"close": "2026-01-15"}, {}, "Close date moved from 15 Jan 2026 to 1 Feb 2026"),
        ("pulled_in", {"close": "2026-03-15"}, {}, "Close date moved from 15 Mar 2026 to 1 Feb 2026"),
        ("amount_up", {"amount": None}, {}, "Amount $1,200, was no amount"),
        ("amount_down", {"amount": 1300.0}, {"currency": None}, "Amount €1,200, was $1,300"),
        ("exchange_rates", {"rate": 0.88}, {}, "1 USD is €0.91, was €0.88"),
        ("handed_over", {"team": ""}, {}, "From no team to North"),
    ],
)
def test_a_move_in_words(category: str, then: dict[str, Any] | None, now: dict[str, Any], words: str) -> None:
    assert move_reasons(category, None if then is None else facts(**then), facts(**now), "EUR") == (words,)


def test_of_a_score_the_record_says_nothing() -> None:
    assert move_reasons("score_up", facts(), facts(), "EUR") == move_reasons("score_down", facts(), facts(), "EUR") == ()


def test_every_head_is_told_of_a_deal_that_was_not_there() -> None:
    for category in CATEGORIES:
        assert all(move_reasons(category, None, facts(), "EUR"))


def test_days_as_they_are_read() -> None:
    assert [days(number) for number in (0.6, 1.4, 1.6)] == ["1 day", "1 day", "2 days"]
