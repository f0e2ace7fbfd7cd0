from __future__ import annotations

import math
from decimal import Decimal, getcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealml.learning.calibration import Calibrator, fit_calibrator, slope_if_it_helps

getcontext().prec = 60
margins = st.floats(-60, 60)
any_margins = st.floats(-1e6, 1e6)
slopes, shifts = st.floats(math.exp(-3), math.exp(3)), st.floats(-10, 10)
quickly = settings(max_examples=300, deadline=None)


def exact(calibrator: Calibrator, margin: float) -> Decimal:
    """g(margin) with sixty digits."""
    z = Decimal(calibrator.slope) * Decimal(margin) + Decimal(calibrator.shift)
    return 1 / (1 + (-z).exp())


@quickly
@given(margins, margins, slopes, shifts)
def test_mean_slope_is_the_quotient_without_its_rounding(start: float, end: float, slope: float, shift: float) -> None:
    g = Calibrator(slope, shift)
    found = float(g.mean_slope(np.array([start]), np.array([end]))[0])
    if abs(end - start) < 1e-9:  # sixty digits would not tell them apart
        p = exact(g, start)
        expected = float(Decimal(slope) * p * (1 - p))
    else:
        expected = float((exact(g, end) - exact(g, start)) / (Decimal(end) - Decimal(start)))
    # A probability is a double near 1, so where the ends lie far apart its last digit is all that can be asked for.
    assert found == pytest.approx(expected, rel=1e-7, abs=1e-15)


@quickly
@given(margins, slopes, shifts)
def test_where_the_ends_meet_it_is_the_derivative(margin: float, slope: float, shift: float) -> None:
    g, at = Calibrator(slope, shift), np.array([margin])
    p = exact(g, margin)
    for gap in (0.0, 1e-300, 1e-14, 1e-9):
        assert g.mean_slope(at, at + gap)[0] == pytest.approx(float(Decimal(slope) * p * (1 - p)), rel=1e-6, abs=1e-50)


@quickly
@given(any_margins, any_margins, slopes, shifts)
def test_it_is_finite_and_never_negative_however_far_the_ends(start: float, end: float, slope: float, shift: float) -> None:
    with np.errstate(all="raise", under="ignore"):
        found = Calibrator(slope, shift).mean_slope(np.array([start]), np.array([end]))[0]
    assert np.isfinite(found)
    assert 0 <= found <= slope / 4 * (1 + 1e-12)


@quickly
@given(st.lists(st.floats(-8, 8), min_size=1, max_size=60), st.floats(-6, 6), slopes, shifts)
def test_base_and_points_add_up_to_the_probability(parts: list[float], base: float, slope: float, shift: float) -> None:
    g, phi = Calibrator(slope, shift), np.array([parts])
    margin = base + phi.sum(axis=1)
    points = phi * g.mean_slope(np.array([base]), margin)[:, None]
    assert abs(g.probability(np.array([base]))[0] + points.sum() - g.probability(margin)[0]) < 1e-12


def drawn(slope: float, shift: float, count: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    margin = rng.normal(-1, 1.5, count)
    return margin, (rng.random(count) < 1 / (1 + np.exp(-(slope * margin + shift)))).astype(float)


def test_it_finds_the_curve_that_drew_the_outcomes() -> None:
    margin, won = drawn(0.6, 0.4)
    found = fit_calibrator(margin, won)
    assert found.slope == pytest.approx(0.6, abs=0.03)
    assert found.shift == pytest.approx(0.4, abs=0.05)


def test_the_slope_stays_positive_even_where_the_margin_misleads() -> None:
    margin, won = drawn(-1.0, 0.0)
    found = fit_calibrator(margin, won)
    assert found.slope > 0
    assert (np.diff(found.probability(np.linspace(-9, 9, 50))) >= 0).all()


@pytest.mark.parametrize("slope", [0.3, 1.0, 4.0])
def test_with_the_slope_given_the_level_is_that_of_the_outcomes(slope: float) -> None:
    margin, won = drawn(0.6, 0.4)
    found = fit_calibrator(margin, won, slope)
    assert found.slope == pytest.approx(slope)
    assert found.probability(margin).mean() == pytest.approx(won.mean(), abs=1e-4)


def test_a_slope_is_kept_only_if_it_helps_later() -> None:
    margin, won = drawn(0.4, 0.5)
    later = np.arange(len(won)) >= len(won) // 2
    each = np.arange(len(won))
    assert slope_if_it_helps(margin, won, each, later) == pytest.approx(0.4, abs=0.03)
    other_margin, as_the_margin_says = drawn(1.0, 0.5)
    assert (other_margin == margin).all()
    assert slope_if_it_helps(margin, np.where(later, as_the_margin_says, won), each, later) == 1.0


def test_too_few_outcomes_leave_the_margin_as_it_is() -> None:
    margin, won = drawn(0.4, 0.5, 60)
    assert slope_if_it_helps(margin, won, np.arange(60), np.arange(60) >= 30) == 1.0
