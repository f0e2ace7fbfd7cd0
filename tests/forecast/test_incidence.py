"""Curves against their knots, against a loop over hazards, and as properties over random probabilities."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealml.forecast.incidence import IncidenceCurves
from dealml.period import Period

HORIZONS = (7, 14, 30, 60, 90, 180)
DAYS = (0.0, 0.5, 3.0, 7.0, 10.0, 29.9, 30.0, 89.0, 90.0, 91.0, 180.0, 181.0, 400.0, 5000.0)

QUARTER = Period.parse("2026Q1")
WON = np.array([[0.1, 0.3, 0.4], [0.0, 0.5, 0.9]])
CURVES = IncidenceCurves.of((30, 90, 180), WON)

shares = st.floats(0.0, 1.0)
rows = st.lists(
    st.tuples(st.lists(shares, min_size=6, max_size=6).map(sorted), st.lists(shares, min_size=6, max_size=6).map(sorted)),
    min_size=1,
    max_size=4,
)


def made(drawn: list[tuple[list[float], list[float]]], losses: bool = True) -> IncidenceCurves:
    won, lost = (np.array([row[place] for row in drawn], dtype=float) for place in (0, 1))
    return IncidenceCurves.of(HORIZONS, won, lost if losses else None)


@given(rows, st.booleans())
def test_states_sum_to_one_and_move_one_way(drawn: list[tuple[list[float], list[float]]], losses: bool) -> None:
    curves = made(drawn, losses)
    won, lost, open_ = (np.array([state(day) for day in DAYS]) for state in (curves.won_by, curves.lost_by, curves.open_at))
    assert np.abs(won + lost + open_ - 1).max() < 1e-12
    assert min(won.min(), lost.min(), open_.min()) > -1e-12
    assert np.diff(won, axis=0).min() > -1e-12
    assert np.diff(lost, axis=0).min() > -1e-12


@given(rows, st.booleans())
def test_at_a_horizon_the_served_probability_stands(drawn: list[tuple[list[float], list[float]]], losses: bool) -> None:
    curves = made(drawn, losses)
    for place, days in enumerate(HORIZONS):
        assert curves.won_by(days) == pytest.approx([row[0][place] for row in drawn], abs=1e-12)


@given(rows)
def test_nothing_jumps(drawn: list[tuple[list[float], list[float]]]) -> None:
    curves = made(drawn)
    # A hazard so high that a stretch empties in moments is a jump of the model's own, not of the calendar.
    for day in (7.0, 14.0, 30.0, 60.0, 90.0, 180.0):
        before, after = curves.won_by(day - 1e-9), curves.won_by(day + 1e-9)
        calm = (np.array([row[0] for row in drawn]).max(axis=1) < 0.99) & (curves.open_at(day) > 1e-3)
        assert np.abs(after - before)[calm].max(initial=0.0) < 1e-6


@given(rows, st.floats(0.01, 0.99))
def test_closing_days_are_the_inverse_of_the_curve(drawn: list[tuple[list[float], list[float]]], share: float) -> None:
    curves = made(drawn)
    days = curves.closes_within(share)
    known = np.isfinite(days)
    closed = 1 - curves.open_at(np.where(known, days, 0.0))
    assert (closed[known] > share - 1e-6).all()
    earlier = 1 - curves.open_at(np.where(known, np.maximum(days * (1 - 1e-6) - 1e-6, 0.0), 0.0))
    assert (earlier[known] < share + 1e-6).all()
    assert (1 - curves.open_at(1e7) < share + 1e-6)[~known].all()


def test_between_horizons_the_hazard_of_a_win_is_constant() -> None:
    curves = IncidenceCurves.of((10, 30), np.array([[0.2, 0.6]]))
    rate = math.log(0.8 / 0.4) / 20
    for day in range(10, 31):
        assert curves.won_by(day)[0] == pytest.approx(1 - 0.8 * math.exp(-rate * (day - 10)))


def test_between_horizons_both_hazards_are_constant() -> None:
    """Of 0.7 open on day 10 and 0.28 on day 30 as many are won and lost each day, as shares of those still open."""
    curves = IncidenceCurves.of((10, 30), np.array([[0.2, 0.5]]), np.array([[0.125, 0.44]]))
    rate = math.log(0.7 / 0.28) / 20
    for day in range(10, 31):
        still = 0.7 * math.exp(-rate * (day - 10))
        assert curves.open_at(day)[0] == pytest.approx(still)
        assert curves.won_by(day)[0] == pytest.approx(0.2 + (0.7 - still) * 0.3 / 0.42)
        assert curves.lost_by(day)[0] == pytest.approx(0.1 + (0.7 - still) * 0.12 / 0.42)


def test_a_chance_to_lose_that_would_fall_is_held_down() -> None:
    curves = IncidenceCurves.of((10, 20), np.array([[0.0, 0.8]]), np.array([[0.5, 0.5]]))
    assert curves.lost_by(10.0)[0] == pytest.approx(0.1)
    assert curves.lost_by(20.0)[0] == pytest.approx(0.1)


def test_past_the_last_horizon_deals_end_at_the_last_pace() -> None:
    curves = IncidenceCurves.of((10, 20), np.array([[0.2, 0.4]]), np.array([[0.25, 1 / 3]]))
    assert curves.open_at(10.0)[0] == pytest.approx(0.6)
    assert curves.open_at(20.0)[0] == pytest.approx(0.4)
    assert curves.open_at(30.0)[0] == pytest.approx(0.4 * 0.4 / 0.6)
    assert curves.won_by(30.0)[0] + curves.lost_by(30.0)[0] == pytest.approx(1 - 0.4 * 0.4 / 0.6)


def test_without_losses_nothing_is_claimed_past_the_last_horizon() -> None:
    curves = IncidenceCurves.of((10, 20), np.array([[0.2, 0.4]]))
    assert curves.won_by(300.0)[0] == pytest.approx(0.4)
    assert math.isinf(curves.closes_within(0.5)[0])


def test_each_deal_may_have_a_date_of_its_own() -> None:
    curves = IncidenceCurves.of((10, 20), np.array([[0.2, 0.4], [0.1, 0.3]]))
    assert curves.won_by(np.array([10.0, 20.0])) == pytest.approx([0.2, 0.3])


def test_within_the_period_it_is_the_chance_by_its_end() -> None:
    at = QUARTER.end - timedelta(days=30)
    np.testing.assert_allclose(CURVES.won_in(QUARTER, at), [0.1, 0.0])


def test_before_the_period_what_is_won_earlier_does_not_count() -> None:
    at = QUARTER.start - timedelta(days=30)  # and its end is 120 days off
    np.testing.assert_allclose(CURVES.won_in(QUARTER, at), CURVES.won_by(120.0) - [0.1, 0.0])


def test_it_goes_over_the_periods_start_without_a_jump() -> None:
    around = [CURVES.won_in(QUARTER, QUARTER.start + timedelta(seconds=seconds)) for seconds in (-1, 0, 1)]
    assert np.ptp(around, axis=0).max() < 1e-6


def test_after_the_period_there_is_none() -> None:
    assert not CURVES.won_in(QUARTER, QUARTER.end + timedelta(days=1)).any()


def test_the_chances_of_periods_in_a_row_add_up() -> None:
    at, months = datetime(2025, 12, 20, tzinfo=UTC), [Period.parse(f"2026-0{month}") for month in (1, 2, 3)]
    np.testing.assert_allclose(sum(CURVES.won_in(month, at) for month in months), CURVES.won_in(QUARTER, at))
