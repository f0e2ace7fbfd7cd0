"""The reliability table against scipy's interval, a slow sum and the calibration error."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from dealml.evaluation.metrics.calibration import reliability
from dealml.evaluation.metrics.metrics import calibration_error
from dealml.wilson_interval import wilson_interval
from tests.evaluation.prediction_fixtures import Forecasts, forecasts, simulated


@given(forecasts())
def test_the_table_agrees_with_the_calibration_error(case: Forecasts) -> None:
    table = reliability(case.y, case.p, case.w)
    distance = (table["observed"] - table["predicted"]).abs()
    error = (distance * table["weight"]).sum() / table["weight"].sum()
    assert error == pytest.approx(calibration_error(case.y, case.p, case.w), abs=1e-12)


@given(forecasts())
def test_the_table_adds_up(case: Forecasts) -> None:
    table = reliability(case.y, case.p, case.w)
    assert list(table) == ["predicted", "observed", "low", "high", "weight", "n"]
    assert table["n"].sum() == (case.w > 0).sum()
    assert table["weight"].sum() == pytest.approx(case.w.sum())
    assert (table["observed"] * table["weight"]).sum() == pytest.approx((case.w * case.y).sum())
    assert (table["predicted"] * table["weight"]).sum() == pytest.approx((case.w * case.p).sum())
    assert table["predicted"].is_monotonic_increasing
    assert ((table["low"] <= table["observed"]) & (table["observed"] <= table["high"])).all()


def test_bins_of_plain_rows() -> None:
    table = reliability([0, 1, 1, 1], [0.1, 0.2, 0.8, 0.9], [1, 1, 1, 1], bins=2)
    assert table["predicted"].tolist() == pytest.approx([0.15, 0.85])
    assert table["observed"].tolist() == [0.5, 1.0]
    assert table["n"].tolist() == [2, 2]


def width(y: list[int], p: list[float], w: list[float]) -> float:
    table = reliability(y, p, w, bins=1)
    return float((table["high"] - table["low"]).iloc[0])


def test_ten_rows_of_a_tenth_are_one_deal() -> None:
    assert width([1] * 10, [0.5] * 10, [0.1] * 10) == pytest.approx(width([1], [0.5], [1]))


def test_a_bin_counts_as_no_more_observations_than_it_has_accounts() -> None:
    """Ten rows in one bin: with an account each they are ten, of two accounts two; an account without weight is none."""
    y, p, w = [0, 1] * 5, [0.5] * 10, [1.0] * 10
    each, two = (reliability(y, p, w, bins=1, clusters=clusters) for clusters in (range(10), [7] * 5 + [9] * 5))
    pd.testing.assert_frame_equal(each, reliability(y, p, w, bins=1))
    low, _ = wilson_interval(0.5, 2.0)
    assert two["low"].tolist() == pytest.approx([low])
    third = reliability([*y, 1], [*p, 0.5], [*w, 0.0], bins=1, clusters=[7] * 5 + [9] * 5 + [11])
    assert third["low"].tolist() == two["low"].tolist()


def test_uneven_weights_say_less_than_even_ones() -> None:
    y, p, uneven = [0, 1] * 10, [0.5] * 20, [0.1, 0.1, 1.9, 1.9] * 5
    assert width(y, p, uneven) > width(y, p, [1.0] * 20)
    # Kish: the square of the sum, 20², over the sum of squares, 10 * 0.1² + 10 * 1.9².
    low, high = wilson_interval(0.5, 400 / 36.2)
    assert width(y, p, uneven) == pytest.approx(high - low)


def test_most_intervals_hold_a_calibrated_forecast() -> None:
    tables = [reliability(case.y, case.p, case.w) for case in (simulated(1000, seed) for seed in range(20))]
    inside = [((table["low"] <= table["predicted"]) & (table["predicted"] <= table["high"])).mean() for table in tables]
    assert np.mean(inside) > 0.9


@pytest.mark.parametrize(("y", "p", "w"), [([], [], []), ([0, 1], [0.2, 0.7], [0, 0])])
def test_no_weight_gives_no_bins(y: list[int], p: list[float], w: list[int]) -> None:
    assert reliability(y, p, w).empty
