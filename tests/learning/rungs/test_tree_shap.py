"""Contributions by tables: equal to LightGBM's own, and to the definition."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealml.learning.rungs import BaseRate, BoostedTrees, tree_shap
from dealml.learning.rungs.boosted_trees import lightgbm
from dealml.learning.rungs.lightgbm_text import Tree, trees_of
from dealml.learning.rungs.tree_shap import tables_of

Matrix = np.ndarray[Any, np.dtype[np.float64]]


def grown(seed: int, **settings: object) -> tuple[Any, Matrix]:
    """A booster on numbers, zeros, missing values and two texts, and its rows."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(600, 9)).round(2)
    matrix[:, :2] = rng.integers(0, [4, 50], (600, 2))
    matrix[rng.random(matrix.shape) < 0.15] = 0.0
    matrix[:, :6][rng.random((600, 6)) < 0.15] = np.nan
    score = np.nan_to_num(matrix[:, 2]) * np.isin(matrix[:, 0], [1, 2]) + matrix[:, 7] + np.isin(matrix[:, 1] % 7, [1, 4])
    won = (score + rng.normal(size=600) > 0.5).astype(float)
    options = {"objective": "binary", "min_data_in_leaf": 5, "verbosity": -1, "seed": seed, "num_threads": 1, "cat_smooth": 1} | settings
    data = lightgbm().Dataset(matrix, won, categorical_feature=[0, 1], params=options)
    return lightgbm().train(options, data, 12), matrix


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 1000),
    leaves=st.integers(2, 30),
    depth=st.sampled_from([1, 3, 6, 10]),
    zero_as_missing=st.booleans(),
    use_missing=st.booleans(),
)
def test_equal_to_lightgbm(seed: int, leaves: int, depth: int, zero_as_missing: bool, use_missing: bool) -> None:
    booster, matrix = grown(seed, num_leaves=leaves, max_depth=depth, zero_as_missing=zero_as_missing, use_missing=use_missing)
    tables = tables_of(list(trees_of(booster.model_to_string())))
    assert tables is not None
    np.testing.assert_allclose(tables.contributions(matrix), booster.predict(matrix, pred_contrib=True), rtol=0, atol=1e-12)


def test_texts_that_training_did_not_know_and_extreme_numbers() -> None:
    booster, matrix = grown(3, num_leaves=20)
    strange = np.array([[63.0, 49.0, *[1e300] * 7], [np.nan] * 9, [2.0, 1.0, *[-1e300] * 7], [0.0] * 9, [64.0, 900.0, *[1e-36] * 7]])
    tables = tables_of(list(trees_of(booster.model_to_string())))
    assert tables is not None
    np.testing.assert_allclose(tables.contributions(strange), booster.predict(strange, pred_contrib=True), rtol=0, atol=1e-12)


def test_a_row_has_the_same_contributions_alone_and_among_others() -> None:
    booster, matrix = grown(4, num_leaves=20)
    tables = tables_of(list(trees_of(booster.model_to_string())))
    assert tables is not None
    whole = tables.contributions(matrix)
    for rows in (slice(0, 1), slice(130, 131), slice(100, 400)):
        assert (tables.contributions(matrix[rows]) == whole[rows]).all()


def test_equal_to_the_definition() -> None:
    """Shapley values of the game that a tree plays, by going through all orders."""
    booster, matrix = grown(5, num_leaves=6, max_depth=3)
    tree = next(trees_of(booster.model_to_string()))
    tables = tables_of([tree])
    assert tables is not None
    used = sorted(set(tree.feature.tolist()))
    for row in matrix[:5]:
        parts = dict.fromkeys(used, 0.0)
        orders = list(permutations(used))
        for order in orders:
            for place, feature in enumerate(order):
                parts[feature] += (_worth(tree, row, order[: place + 1]) - _worth(tree, row, order[:place])) / len(orders)
        np.testing.assert_allclose(tables.contributions(row[None])[0, used], list(parts.values()), atol=1e-12)


def _worth(tree: Tree, row: Matrix, known: tuple[int, ...], node: int = 0) -> float:
    """A tree's mean where only some features are known: by the row at their splits, by the share of training rows at others."""
    if node < 0:
        return float(tree.value[~node])
    left, right = int(tree.left[node]), int(tree.right[node])
    if tree.feature[node] in known:
        value = row[tree.feature[node]]
        if tree.is_categorical[node]:
            goes = bool(value == value and value < 64 and int(tree.codes[node]) >> int(value) & 1)
        else:
            goes = (
                bool(tree.defaults_left[node])
                if np.isnan(value) and tree.missing[node] == 2
                else bool(np.nan_to_num(value) <= tree.threshold[node])
            )
        return _worth(tree, row, known, left if goes else right)
    counts = [tree.node_count[child] if child >= 0 else tree.leaf_count[~child] for child in (left, right)]
    return float(np.average([_worth(tree, row, known, child) for child in (left, right)], weights=counts))


def test_a_tree_without_a_split_is_its_value() -> None:
    booster, matrix = grown(6, min_data_in_leaf=600)
    tables = tables_of(list(trees_of(booster.model_to_string())))
    assert tables is not None
    np.testing.assert_allclose(tables.contributions(matrix), booster.predict(matrix, pred_contrib=True), atol=1e-12)


def test_trees_too_large_for_tables_are_left_to_lightgbm(monkeypatch: pytest.MonkeyPatch) -> None:
    booster, matrix = grown(7, num_leaves=100, max_depth=-1, min_data_in_leaf=1, min_sum_hessian_in_leaf=0)
    large = BoostedTrees(BaseRate((0.0,), (0.0,)), booster.model_to_string())
    assert max(len(tree.feature) for tree in trees_of(large.text)) > 64
    assert large.tables is None
    np.testing.assert_array_equal(large.contributions(matrix), booster.predict(matrix, pred_contrib=True))
    small = grown(8, num_leaves=20)[0].model_to_string()
    assert tables_of(list(trees_of(small))) is not None
    monkeypatch.setattr(tree_shap, "MOST_FEATURES", 2)
    assert tables_of(list(trees_of(small))) is None
