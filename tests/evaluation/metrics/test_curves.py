"""Curves against scikit-learn's points."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from sklearn import metrics as sk

from dealml.evaluation.metrics.curves import gained_at, gains, precision_recall, roc
from dealml.evaluation.metrics.metrics import auc
from tests.evaluation.prediction_fixtures import Forecasts, forecasts


@given(forecasts())
def test_roc_is_scikit_learns(case: Forecasts) -> None:
    curve = roc(case.y, case.p, case.w)
    x, y, _ = sk.roc_curve(case.y, case.p, sample_weight=case.w, drop_intermediate=False)
    # scikit-learn leaves out rows without weight, which here repeat a point.
    ours, theirs = (set(zip(np.round(a, 9), np.round(b, 9), strict=True)) for a, b in ((curve.x, curve.y), (x, y)))
    assert ours == theirs
    assert np.trapezoid(curve.y, curve.x) == pytest.approx(auc(case.y, case.p, case.w))


@given(forecasts())
def test_precision_recall_is_scikit_learns(case: Forecasts) -> None:
    present = case.w > 0
    curve = precision_recall(case.y, case.p, case.w)
    precision, recall, _ = sk.precision_recall_curve(case.y[present], case.p[present], sample_weight=case.w[present])
    points = set(zip(np.round(curve.x, 9), np.round(curve.y, 9), strict=True))
    # scikit-learn's last point (recall 0, precision 1) is a convention, and ours another.
    assert set(zip(np.round(recall[:-1], 9), np.round(precision[:-1], 9), strict=True)) <= points
    assert curve.x[0] == 0
    assert curve.y[0] == curve.y[1]


def test_gains_by_hand() -> None:
    curve = gains([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.6], [1, 1, 1, 1])
    assert curve.x.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert curve.y.tolist() == [0, 0.5, 0.5, 1, 1]
    assert gained_at(curve, 0.125) == 0.25


def test_ties_gain_as_much_as_chance() -> None:
    assert gained_at(gains([1, 0, 0, 0], [0.5] * 4, [1, 1, 1, 1]), 0.3) == pytest.approx(0.3)


def test_one_label_has_no_rates() -> None:
    assert np.isnan(roc([1, 1], [0.2, 0.5], [1, 1]).x).all()
    assert np.isnan(gains([0, 0], [0.2, 0.5], [1, 1]).y).all()
    assert np.isnan(precision_recall([], [], []).y).all()
