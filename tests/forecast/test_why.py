"""What the record says of a move, in words."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from dealml.forecast.movement import BARS
from dealml.forecast.said import days, money, share
from dealml.forecast.why import why


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
    ("bar", "then", "now", "words"),
    [
        ("won", {}, {}, "Won on 2026-01-19"),
        ("won", {}, {"reason": "Fit", "competitor": "Them"}, "Won on 2026-01-19: Fit; competitor on record: Them"),
        ("lost", {}, {"reason": "Price", "rival": "Others", "competitor": "Them"}, "Lost on 2026-01-20: Price, to Others"),
        ("lost", {}, {"competitor": "Them"}, "Lost on 2026-01-20; competitor on record: Them"),
        ("new", None, {"stage": "Early"}, "Created on 2026-01-02: USD 1,200, at Early"),
        ("new", None, {"amount": float("nan")}, "Created on 2026-01-02: no amount"),
        ("reopened", None, {}, "Reopened on 2026-01-20"),
        ("pushed", {"close": "2026-01-15"}, {}, "Close date moved from 2026-01-15 to 2026-02-01"),
        ("pulled_in", {"close": "2026-03-15"}, {}, "Close date moved from 2026-03-15 to 2026-02-01"),
        ("amount_up", {"amount": None}, {}, "Amount USD 1,200, was no amount"),
        ("amount_down", {"amount": 1300.0}, {"currency": None}, "Amount EUR 1,200, was USD 1,300"),
        ("exchange_rates", {"rate": 0.88}, {}, "1 USD is EUR 0.91, was 0.88"),
        ("handed_over", {"team": ""}, {}, "From no team to North"),
    ],
)
def test_a_move_in_words(bar: str, then: dict[str, Any] | None, now: dict[str, Any], words: str) -> None:
    assert why(bar, None if then is None else facts(**then), facts(**now), "EUR") == (words,)


def test_of_a_score_the_record_says_nothing() -> None:
    assert why("score_up", facts(), facts(), "EUR") == why("score_down", facts(), facts(), "EUR") == ()


def test_every_head_is_told_of_a_deal_that_was_not_there() -> None:
    for bar in BARS:
        assert all(why(bar, None, facts(), "EUR"))


def test_money_shares_and_days_as_they_are_read() -> None:
    assert [money(cents, "EUR") for cents in (0, 149, -151, 123456789)] == ["EUR 0", "EUR 1", "−EUR 2", "EUR 1,234,568"]
    assert [money(cents, "", signed=True) for cents in (0, 200, -200)] == ["0", "+2", "−2"]
    assert [share(part) for part in (0.0, 0.009, 0.256, 0.991, 1.0)] == ["under 1 %", "under 1 %", "26 %", "over 99 %", "over 99 %"]
    assert [days(number) for number in (0.6, 1.4, 1.6)] == ["1 day", "1 day", "2 days"]
