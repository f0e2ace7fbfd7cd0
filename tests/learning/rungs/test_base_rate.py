"""The base rate: the share of outcomes by horizon, half a case added to either side, never falling."""

import numpy as np
import pytest

from dealml.learning.rungs.base_rate import fit_base_rate


def test_the_share_of_each_horizon() -> None:
    matrix = np.array([[30.0]] * 9 + [[90.0]] * 9)
    labels = np.array([1.0] + [0.0] * 8 + [1.0] * 4 + [0.0] * 5)
    model = fit_base_rate(matrix, labels)
    rates = 1 / (1 + np.exp(-model.margin(np.array([[30.0], [90.0]]))))
    assert rates == pytest.approx([1.5 / 10, 4.5 / 10])


def test_a_longer_horizon_never_has_a_lower_rate() -> None:
    model = fit_base_rate(np.array([[30.0], [30.0], [90.0], [90.0]]), np.array([1.0, 1.0, 0.0, 0.0]))
    assert model.margins[0] == model.margins[1]


def test_no_feature_contributes() -> None:
    model = fit_base_rate(np.array([[5.0, 30.0], [6.0, 30.0]]), np.array([1.0, 0.0]))
    assert model.contributions(np.array([[5.0, 30.0]])).tolist() == [[0.0, 0.0, 0.0]]
