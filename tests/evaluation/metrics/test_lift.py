"""Shares of the top of each list against a loop that fills each list row by row."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest
from hypothesis import given

from dealml.evaluation.metrics.lift import TOP_MEASURES, Lists, top_measures
from tests.evaluation.prediction_fixtures import Forecasts, forecasts, simulated


def slow_caught(gain: np.ndarray, p: np.ndarray, w: np.ndarray, lists: np.ndarray, share: float) -> float:
    """Work each list from its top, all equal probabilities at once, until the share is used up."""
    caught = 0.0
    for code in set(lists.tolist()):
        on = lists == code
        left = share * w[on].sum()
        for chance in sorted(set(p[on].tolist()), reverse=True):
            tied = on & (p == chance)
            weight = w[tied].sum()
            part = min(1.0, left / weight) if weight > 0 else 0.0
            caught += part * (w[tied] * gain[tied]).sum()
            left = max(left - weight, 0.0)
    whole = (w * gain).sum()
    return caught / whole if whole > 0 else float("nan")


@given(forecasts(both_classes=False))
def test_it_is_what_a_loop_catches(case: Forecasts) -> None:
    lists, money = np.arange(len(case.y)) % 3, (np.arange(len(case.y)) * 7 % 5).astype(float)
    gain = np.column_stack([case.y, case.y * money])
    found = Lists.of(case.p, lists).caught(gain, case.w, np.array([0.1, 0.3, 1.0]))
    for row, share in enumerate((0.1, 0.3, 1.0)):
        for column in (0, 1):
            assert found[row, column] == pytest.approx(slow_caught(gain[:, column], case.p, case.w, lists, share), nan_ok=True)


def test_lift_and_money_of_rows_by_hand() -> None:
    """Two lists of ten: the first has its one win on top, the second its one win at the bottom; it is the dearer one."""
    p = np.tile(np.linspace(0.9, 0.1, 10), 2)
    y = np.zeros(20)
    y[[0, 19]] = 1
    money = np.ones(20)
    money[19] = 3
    found = top_measures(y, p, np.ones(20), np.arange(20), np.repeat([0, 1], 10), money=money, resamples=0)
    assert [found[f"lift_{percent}"].value for percent in (10, 20, 30)] == pytest.approx([5.0, 2.5, 0.5 / 0.3])
    assert [found[f"money_{percent}"].value for percent in (10, 20, 30)] == pytest.approx([0.25] * 3)
    together = top_measures(y, p, np.ones(20), np.arange(20), np.zeros(20), money=money, resamples=0)
    assert together["lift_10"].value == pytest.approx(5.0)


def test_ties_are_worked_in_random_order() -> None:
    found = top_measures([1, 0, 0, 0], [0.5] * 4, np.ones(4), np.arange(4), np.zeros(4), resamples=0)
    assert [found[f"lift_{percent}"].value for percent in (10, 20, 30)] == pytest.approx([1.0] * 3)


def test_without_money_there_are_lifts_alone() -> None:
    case = simulated(60)
    assert list(top_measures(case.y, case.p, case.w, case.clusters, np.zeros(60), resamples=3)) == list(TOP_MEASURES[:3])
    assert list(top_measures(case.y, case.p, case.w, case.clusters, np.zeros(60), money=np.ones(60), resamples=3)) == list(TOP_MEASURES)


def test_intervals_are_those_of_repeated_rows() -> None:
    case, lists, money = simulated(80, accounts=9), np.arange(80) % 4, np.linspace(0, 5, 80)
    found = top_measures(case.y, case.p, case.w, case.clusters, lists, money=money, resamples=30)
    random, values = np.random.default_rng(0), []
    for _ in range(30):
        drawn = random.integers(9, size=9)
        rows = np.concatenate([np.flatnonzero(case.clusters == account) for account in drawn])
        values.append(slow_caught((case.y * money)[rows], case.p[rows], np.ones(len(rows)), lists[rows], 0.2))
    assert [found["money_20"].low, found["money_20"].high] == pytest.approx(list(np.percentile(values, [2.5, 97.5])))


@pytest.mark.parametrize("y", [[], [0.0, 0.0]])
def test_nothing_to_catch_is_nan(y: list[float]) -> None:
    n = len(y)
    found = top_measures(y, np.full(n, 0.5), np.ones(n), np.arange(n), np.zeros(n), money=np.ones(n), resamples=4)
    assert all(isnan(number) for interval in found.values() for number in (interval.value, interval.low, interval.high))
