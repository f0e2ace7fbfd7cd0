"""Intervals: the same as repeating rows, around the value, and nan where nothing can be said."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings

from dealml.evaluation.metrics import bootstrap
from dealml.evaluation.metrics.bootstrap import Interval, intervals, paired_difference
from dealml.evaluation.metrics.metrics import METRICS
from tests.evaluation.prediction_fixtures import Forecasts, forecasts, simulated

ALL = list(METRICS)


def slow_resamples(case: Forecasts, reference: np.ndarray, name: str, resamples: int) -> list[float]:
    """Draw accounts and really repeat their rows."""
    random = np.random.default_rng(0)
    accounts, values = np.unique(case.clusters), []
    for _ in range(resamples):
        drawn = accounts[random.integers(len(accounts), size=len(accounts))]
        rows = np.concatenate([np.flatnonzero(case.clusters == account) for account in drawn])
        rows = rows[case.w[rows] > 0]
        if len(np.unique(case.y[rows])) == 2:
            values.append(METRICS[name].function(case.y[rows], case.p[rows], case.w[rows], reference[rows]))
    return values


@pytest.mark.parametrize("name", [name for name in METRICS if not METRICS[name].is_inflated])
@settings(max_examples=15)
@given(case=forecasts(whole_weights=True))
def test_weighing_accounts_is_repeating_their_rows(name: str, case: Forecasts) -> None:
    reference = np.linspace(0.3, 0.6, len(case.y))
    found = intervals(case.y, case.p, case.w, case.clusters, metrics=[name], resamples=20, reference=reference)[name]
    values = slow_resamples(case, reference, name, 20)
    expected = np.percentile(values, [2.5, 97.5]) if len(values) >= 10 else [np.nan, np.nan]
    assert [found.low, found.high] == pytest.approx(list(expected), nan_ok=True)


def test_the_calibration_errors_interval_takes_the_noise_off_below() -> None:
    case = simulated(300, accounts=300)
    reference = np.full(300, 0.5)
    value = METRICS["calibration_error"].function(case.y, case.p, case.w)
    resampled = slow_resamples(case, reference, "calibration_error", 40)
    middle, top = np.percentile(resampled, [50, 97.5])
    assert middle > value
    found = intervals(case.y, case.p, case.w, case.clusters, metrics=["calibration_error"], resamples=40)
    expected = Interval(value, max(2 * value - top, 0), value + top - middle)
    assert found["calibration_error"].low == pytest.approx(expected.low)
    assert found["calibration_error"].high == pytest.approx(expected.high)


@pytest.mark.parametrize("seed", range(5))
def test_an_interval_contains_its_value(seed: int) -> None:
    case = simulated(400, seed)
    found = intervals(case.y, case.p, case.w, case.clusters, metrics=ALL, reference=np.full(400, 0.4))
    assert list(found) == ALL
    for name, interval in found.items():
        assert interval.low < interval.value < interval.high, name


def test_the_truth_lies_inside_about_as_often_as_promised() -> None:
    """Half of each account's forecasts come true together, so that rows alone would look too certain."""
    inside = narrow = 0
    for seed in range(60):
        random = np.random.default_rng(seed)
        clusters = np.repeat(np.arange(40), 5)
        y = np.where(random.random(40) < 0.4, 1.0, 0.0)[clusters]
        p, w = np.full(200, 0.3), np.ones(200)
        truth = 0.4 * 0.7**2 + 0.6 * 0.3**2
        by_account = intervals(y, p, w, clusters, metrics=["brier"], resamples=100, seed=seed)["brier"]
        by_row = intervals(y, p, w, np.arange(200), metrics=["brier"], resamples=100, seed=seed)["brier"]
        inside += by_account.low <= truth <= by_account.high
        narrow += by_row.low <= truth <= by_row.high
    assert inside >= 52
    assert narrow < 48


def test_the_order_of_rows_does_not_matter() -> None:
    case, mixed = simulated(200), np.random.default_rng(1).permutation(200)
    names = np.array([f"account {code}" for code in case.clusters])
    one = intervals(case.y, case.p, case.w, names, metrics=["auc"])["auc"]
    two = intervals(case.y[mixed], case.p[mixed], case.w[mixed], names[mixed], metrics=["auc"])["auc"]
    assert [two.low, two.high] == pytest.approx([one.low, one.high])


def test_the_seed_decides() -> None:
    case = simulated(200)
    one, same, other = (intervals(case.y, case.p, case.w, case.clusters, metrics=["brier"], seed=seed)["brier"] for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_the_same_forecast_differs_by_nothing() -> None:
    case = simulated(200)
    found = paired_difference(case.y, case.p, case.p, case.w, case.clusters, metrics=["log_loss"])
    assert found["log_loss"] == Interval(0.0, 0.0, 0.0)


def test_shared_luck_cancels_in_a_paired_difference() -> None:
    case = simulated(500, accounts=500)
    worse = np.clip(case.p + 0.1, 0, 1)
    alone = intervals(case.y, case.p, case.w, case.clusters, metrics=["brier"])["brier"]
    found = paired_difference(case.y, case.p, worse, case.w, case.clusters, metrics=["brier"])["brier"]
    brier = METRICS["brier"].function
    assert found.value == pytest.approx(brier(case.y, case.p, case.w) - brier(case.y, worse, case.w))
    assert found.low < found.value < found.high < 0
    assert found.high - found.low < alone.high - alone.low


def test_a_paired_difference_is_taken_resample_by_resample() -> None:
    case, other = simulated(100), simulated(100, seed=1).p
    found = paired_difference(case.y, case.p, other, case.w, case.clusters, metrics=["auc"], resamples=30)["auc"]
    swapped = Forecasts(case.y, other, case.w, case.clusters)
    ours, theirs = (np.array(slow_resamples(which, case.p, "auc", 30)) for which in (case, swapped))
    assert [found.low, found.high] == pytest.approx(list(np.percentile(ours - theirs, [2.5, 97.5])))


def test_one_label_gives_no_bounds() -> None:
    found = intervals([1, 1, 1], [0.2, 0.5, 0.7], [1, 1, 1], [1, 2, 3], metrics=["auc", "brier"])
    assert isnan(found["auc"].value)
    assert not isnan(found["brier"].value)
    assert all(isnan(bound) for interval in found.values() for bound in (interval.low, interval.high))


def test_one_account_gives_no_bounds() -> None:
    found = intervals([0, 1], [0.2, 0.5], [1, 1], ["a", "a"], metrics=["brier"])["brier"]
    assert (isnan(found.value), isnan(found.low), isnan(found.high)) == (False, True, True)


def test_too_few_resamples_with_both_labels_give_no_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    y, p, w, clusters = [0, 1, 0], [0.2, 0.5, 0.1], [1, 1, 1], [0, 1, 2]
    whole, lost_only = np.ones(3), np.array([2.0, 0.0, 1.0])
    monkeypatch.setattr(bootstrap, "_draws", lambda *_: iter([whole, lost_only, lost_only]))
    assert isnan(intervals(y, p, w, clusters, metrics=["brier"], resamples=3)["brier"].low)
    monkeypatch.setattr(bootstrap, "_draws", lambda *_: iter([whole, whole, lost_only]))
    assert not isnan(intervals(y, p, w, clusters, metrics=["brier"], resamples=3)["brier"].low)


def test_no_rows_give_nan() -> None:
    found = intervals([], [], [], [], metrics=["brier"])["brier"]
    assert all(isnan(number) for number in (found.value, found.low, found.high))


@pytest.mark.parametrize(
    ("metrics", "clusters", "message"),
    [
        (["guess"], [1, 2], "unknown metric 'guess': choose from log_loss"),
        (["brier_skill"], [1, 2], "brier_skill needs a reference"),
        (["brier"], ["a", None], "the account is missing in 1 of 2 rows"),
        (["brier"], [1, 2, 3], "clusters has 3 rows where 2"),
    ],
)
def test_what_cannot_be_resampled_is_refused(metrics: list[str], clusters: list[object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        intervals([0, 1], [0.2, 0.5], [1, 1], np.array(clusters), metrics=metrics)
