"""Every metric against scikit-learn, or a slow and obvious loop where it has none."""

from __future__ import annotations

from fractions import Fraction
from math import isnan, log

import numpy as np
import pytest
from hypothesis import given
from sklearn import metrics as sk

from dealml.evaluation.metrics.metrics import (
    METRICS,
    auc,
    average_precision,
    brier,
    brier_skill,
    calibration_error,
    log_loss,
)
from tests.evaluation.prediction_fixtures import Forecasts, forecasts


@given(forecasts())
def test_log_loss_is_scikit_learns(case: Forecasts) -> None:
    # scikit-learn clips at 2.2e-16, so certain forecasts are made comparable first.
    p = np.clip(case.p, 1e-12, 1 - 1e-12)
    assert log_loss(case.y, p, case.w) == pytest.approx(sk.log_loss(case.y, p, sample_weight=case.w))


def test_a_certain_mistake_costs_much_but_not_infinitely() -> None:
    assert log_loss([1], [0.0], [1]) == pytest.approx(-log(1e-15))


@given(forecasts())
def test_brier_is_scikit_learns(case: Forecasts) -> None:
    assert brier(case.y, case.p, case.w) == pytest.approx(sk.brier_score_loss(case.y, case.p, sample_weight=case.w))


@given(forecasts())
def test_auc_is_scikit_learns(case: Forecasts) -> None:
    assert auc(case.y, case.p, case.w) == pytest.approx(sk.roc_auc_score(case.y, case.p, sample_weight=case.w))


@given(forecasts())
def test_average_precision_is_scikit_learns(case: Forecasts) -> None:
    present = case.w > 0  # scikit-learn divides 0 by 0 where the first rows have no weight
    y, p, w = case.y[present], case.p[present], case.w[present]
    expected = sk.average_precision_score(y, p, sample_weight=w)
    assert average_precision(case.y, case.p, case.w) == pytest.approx(expected)


@given(forecasts())
def test_brier_skill_is_one_minus_the_ratio(case: Forecasts) -> None:
    reference = np.full(len(case.y), 0.3)
    ours, theirs = (sk.brier_score_loss(case.y, p, sample_weight=case.w) for p in (case.p, reference))
    assert brier_skill(case.y, case.p, case.w, reference) == pytest.approx(1 - ours / theirs)


def test_brier_skill_follows_its_rows() -> None:
    y, p, w = [0, 1, 1], [0.5, 0.1, 0.9], [1, 2, 3]
    reference = [0.2, 0.7, 0.6]
    theirs = (1 * 0.2**2 + 2 * 0.3**2 + 3 * 0.4**2) / 6
    assert brier_skill(y, p, w, reference) == pytest.approx(1 - brier(y, p, w) / theirs)


def slow_calibration_error(case: Forecasts, bins: int = 10) -> float:
    """Walk the distinct probabilities upwards in exact fractions and put each in its bin."""
    rows = [(Fraction(p), int(y), Fraction(w)) for y, p, w in zip(case.y, case.p, case.w, strict=True)]
    total = sum(w for _, _, w in rows)
    contents: dict[int, list[tuple[Fraction, int, Fraction]]] = {}
    above = Fraction(0)
    for probability in sorted({p for p, _, _ in rows}, reverse=True):
        tied = [row for row in rows if row[0] == probability]
        weight = sum(w for _, _, w in tied)
        middle = (above + weight / 2) / total
        contents.setdefault(min(int(middle * bins), bins - 1), []).extend(tied)
        above += weight
    error = Fraction(0)
    for inside in contents.values():
        weight = sum(w for _, _, w in inside)
        if weight:
            forecast = sum(p * w for p, _, w in inside) / weight
            observed = sum(y * w for _, y, w in inside) / weight
            error += weight / total * abs(forecast - observed)
    return float(error)


@given(forecasts(whole_weights=True))
def test_calibration_error_is_the_slow_loops(case: Forecasts) -> None:
    assert calibration_error(case.y, case.p, case.w) == pytest.approx(slow_calibration_error(case), abs=1e-12)


def test_one_forecast_for_all_is_as_wrong_as_its_rate() -> None:
    assert calibration_error([0, 0, 0, 1], [0.6] * 4, [1, 1, 1, 1]) == pytest.approx(0.35)


@pytest.mark.parametrize("name", METRICS)
@given(case=forecasts())
def test_scale_of_weights_and_order_of_rows_do_not_matter(name: str, case: Forecasts) -> None:
    metric, baseline = METRICS[name], np.linspace(0.1, 0.9, len(case.y))
    value = metric.function(case.y, case.p, case.w, baseline)
    scaled = metric.function(case.y, case.p, case.w * 4, baseline)
    turned = metric.function(case.y[::-1], case.p[::-1], case.w[::-1], baseline[::-1])
    # Turning the rows changes the rounding of sums, and a middle exactly on a bin's edge may go either way.
    assert scaled == pytest.approx(value, nan_ok=True)
    if name != "calibration_error":
        assert turned == pytest.approx(value, nan_ok=True)


@pytest.mark.parametrize("label", [0, 1])
def test_ranking_needs_both_labels(label: int) -> None:
    y, p = [label, label], [0.2, 0.7]
    assert isnan(auc(y, p, [1, 1]))
    assert isnan(average_precision(y, p, [1, 1]))
    # A row without weight is absent, so its label does not count.
    assert isnan(auc([label, 1 - label], p, [1, 0]))
    for measure in (log_loss, brier, calibration_error):
        assert not isnan(measure(y, p, [1, 1]))


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize(("y", "p", "w"), [([], [], []), ([0, 1], [0.2, 0.7], [0, 0])])
def test_nothing_measured_is_nan(name: str, y: list[int], p: list[float], w: list[int]) -> None:
    assert isnan(METRICS[name].function(y, p, w, p))


def test_no_skill_over_a_perfect_baseline() -> None:
    assert isnan(brier_skill([0, 1], [0.2, 0.7], [1, 1], [0, 1]))


def test_skill_needs_a_baseline_that_fits() -> None:
    with pytest.raises(ValueError, match="brier_skill needs a reference"):
        METRICS["brier_skill"].function([0, 1], [0.2, 0.7], [1, 1])
    with pytest.raises(ValueError, match="reference must be a probability"):
        brier_skill([0, 1], [0.2, 0.7], [1, 1], [0.5, np.nan])


@pytest.mark.parametrize("name", METRICS)
def test_better_is_the_way_the_table_says(name: str) -> None:
    y, good, bad, baseline = [0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9], [0.9, 0.4, 0.6, 0.1], [0.5] * 4
    metric = METRICS[name]
    gain = metric.function(y, good, [1] * 4, baseline) - metric.function(y, bad, [1] * 4, baseline)
    assert (gain > 0) == metric.higher_is_better
    assert metric.name == name
    assert metric.meaning
