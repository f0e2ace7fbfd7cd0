"""The chance of a win in a period: what is left of the curve between its start, or now, and its end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from dealml.forecast.chance import chance_in
from dealml.forecast.incidence import Curves
from dealml.period import Period

QUARTER = Period.parse("2026Q1")
WON = np.array([[0.1, 0.3, 0.4], [0.0, 0.5, 0.9]])
CURVES = Curves.of((30, 90, 180), WON)


def test_within_the_period_it_is_the_chance_by_its_end() -> None:
    at = QUARTER.end - timedelta(days=30)
    np.testing.assert_allclose(chance_in(CURVES, at, QUARTER), [0.1, 0.0])


def test_before_the_period_what_is_won_earlier_does_not_count() -> None:
    at = QUARTER.start - timedelta(days=30)  # and its end is 120 days off
    np.testing.assert_allclose(chance_in(CURVES, at, QUARTER), CURVES.won_by(120.0) - [0.1, 0.0])


def test_it_goes_over_the_periods_start_without_a_jump() -> None:
    around = [chance_in(CURVES, QUARTER.start + timedelta(seconds=seconds), QUARTER) for seconds in (-1, 0, 1)]
    assert np.ptp(around, axis=0).max() < 1e-6


def test_after_the_period_there_is_none() -> None:
    assert not chance_in(CURVES, QUARTER.end + timedelta(days=1), QUARTER).any()


def test_the_chances_of_periods_in_a_row_add_up() -> None:
    at, months = datetime(2025, 12, 20, tzinfo=UTC), [Period.parse(f"2026-0{month}") for month in (1, 2, 3)]
    np.testing.assert_allclose(sum(chance_in(CURVES, at, month) for month in months), chance_in(CURVES, at, QUARTER))
