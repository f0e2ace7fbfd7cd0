"""What a forest says of the horizon alone is its mean where nothing else is known, found by walking each tree."""

from __future__ import annotations

import numpy as np

from dealml.learning.rungs.horizon_alone import horizon_alone
from dealml.learning.rungs.lightgbm_text import trees_of
from tests.learning.rungs.test_rung import MATRIX, made
from tests.learning.rungs.test_tree_shap import _worth

HORIZONS = np.array([0.0, 14.0, 14.5, 60.0, 61.0, 150.0, 900.0])


def test_it_is_the_worth_of_the_horizon_in_the_game_of_the_trees() -> None:
    trees, place = list(trees_of(made("lightgbm").trees or "")), MATRIX.shape[1] - 1
    assert sum((tree.feature == place).sum() for tree in trees) > 3
    for horizon in HORIZONS:
        row = np.full(MATRIX.shape[1], np.nan)
        row[place] = horizon
        expected = sum(_worth(tree, row, (place,)) - _worth(tree, row, ()) for tree in trees)
        assert abs(horizon_alone(trees, place).at(np.array([horizon]))[0] - expected) < 1e-12


def test_a_feature_that_no_tree_splits_by_says_nothing() -> None:
    trees = list(trees_of(made("lightgbm").trees or ""))
    np.testing.assert_array_equal(horizon_alone(trees, MATRIX.shape[1]).at(HORIZONS), 0.0)
