"""Periods and days in words."""

import pytest

from dealml.forecast.labels import days, period
from dealml.period import Period


@pytest.mark.parametrize(
    ("name", "words"), [("2026", "2026"), ("2026Q1", "Q1 2026"), ("2026-01", "Jan 2026"), ("2026W03", "week 3 of 2026")]
)
def test_a_period_in_words(name: str, words: str) -> None:
    assert period(Period.parse(name)) == words


@pytest.mark.parametrize(("number", "words"), [(0.6, "1 day"), (1.4, "1 day"), (2.0, "2 days"), (0.0, "0 days")])
def test_whole_days(number: float, words: str) -> None:
    assert days(number) == words
