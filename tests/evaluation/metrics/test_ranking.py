"""The order of rows, their groups and bins, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from dealml.evaluation.metrics.ranking import equal_mass_bins, rank, weigh
from tests.evaluation.prediction_fixtures import Forecasts, forecasts


def test_rows_stand_in_falling_order_and_ties_share_a_group() -> None:
    ranking = rank([0, 1, 1, 0], [0.2, 0.9, 0.2, 0.5])
    assert ranking.p.tolist() == [0.9, 0.5, 0.2, 0.2]
    assert ranking.y.tolist() == [1, 0, 0, 1]
    assert ranking.order.tolist() == [1, 3, 0, 2]
    assert ranking.starts.tolist() == [0, 1, 2]


@given(forecasts())
def test_groups_hold_all_the_weight(case: Forecasts) -> None:
    sample = weigh(rank(case.y, case.p), case.w)
    assert len(sample.group_weights) == len(np.unique(case.p))
    assert sample.group_weights.sum() == pytest.approx(case.w.sum())
    assert sample.positives == pytest.approx(case.w[case.y == 1].sum())
    assert sample.negatives == pytest.approx(case.w[case.y == 0].sum())


def test_series_are_taken_by_position() -> None:
    y, p = pd.Series([0, 1], index=[7, 3]), pd.Series([0.1, 0.8], index=[1, 2])
    assert rank(y, p).y.tolist() == [1, 0]


def test_bins_hold_equal_weight() -> None:
    sample = weigh(rank(np.zeros(100), np.linspace(0, 1, 100)), np.ones(100))
    assert np.bincount(equal_mass_bins(sample, 10)).tolist() == [10] * 10


def test_ties_share_the_bin_of_their_middle() -> None:
    sample = weigh(rank(np.zeros(10), [0.9] * 2 + [0.5] * 6 + [0.1] * 2), np.ones(10))
    assert equal_mass_bins(sample, 5).tolist() == [0, 2, 4]


def test_rows_without_weight_at_the_end_share_the_last_bin() -> None:
    sample = weigh(rank([0, 1, 0], [0.9, 0.5, 0.1]), [1, 1, 0])
    assert equal_mass_bins(sample, 2).tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("y", "p", "w", "message"),
    [
        ([0, 2], [0.1, 0.2], [1, 1], "y must be 0 or 1: 1 of 2"),
        ([0, np.nan], [0.1, 0.2], [1, 1], "y must be 0 or 1"),
        ([0, 1], [0.1, np.nan], [1, 1], "p must be a probability"),
        ([0, 1], [0.1, 1.2], [1, 1], "p must be a probability"),
        ([0, 1], [0.1], [1, 1], "p has 1 rows where 2"),
        ([0, 1], [0.1, 0.2], [1], "w has 1 rows where 2"),
        ([0, 1], [0.1, 0.2], [1, -1], "w must be finite and not negative"),
        ([0, 1], [0.1, 0.2], [1, np.inf], "w must be finite and not negative"),
        ([[0], [1]], [0.1, 0.2], [1, 1], "y must have one dimension"),
    ],
)
def test_what_is_no_forecast_is_refused(y: list[float], p: list[float], w: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        weigh(rank(y, p), w)


def test_no_bins_are_refused() -> None:
    with pytest.raises(ValueError, match="bins must be at least 1"):
        equal_mass_bins(weigh(rank([1], [0.5]), [1]), 0)
