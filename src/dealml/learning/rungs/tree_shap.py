"""Exact path-dependent TreeSHAP by tables: what each leaf gives each feature, for every way a row may meet the leaf's conditions.

A leaf pays its value to the features on the way to it. How much each gets depends only on which of them
the row agrees with: of d features that are 2^d patterns, and all their Shapley values are worked out once.
A row then costs one look-up a leaf. Sources: Lundberg et al. (2020), Nature Machine Intelligence 2 (the game
that a tree plays); Owen (1972), Management Science 18 (its value as the integral of the multilinear extension,
which Gauss–Legendre points give exactly).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dealml.learning.rungs.lightgbm_text import MOST_NODES, Tree
from dealml.learning.rungs.rung import Floats

MOST_FEATURES = 10
"""On the way to one leaf; with more of them its table would be too large."""


@dataclass(frozen=True)
class Leaf:
    """The features on the way to a leaf, each with its conditions taken together."""

    features: tuple[int, ...]
    conditions: tuple[int, ...]
    """Of each feature: its splits on the way, a bit each."""
    left: tuple[int, ...]
    """Those of them at which the leaf lies left."""
    shares: tuple[float, ...]
    """Of each feature: the share of training rows that went the leaf's way at its splits."""
    value: float


@dataclass(frozen=True)
class ShapTables:
    """A forest, ready to tell contributions."""

    nodes: tuple[Any, ...]
    """Arrays over all splits."""
    parts: tuple[Any, ...]
    """Arrays over all features of all leaves, and the tables."""
    expected: float

    def contributions(self, matrix: Floats) -> Floats:
        """Rows × (features + 1): each feature's part, and last the mean of training."""
        contributions = np.zeros((len(matrix), matrix.shape[1] + 1))
        contributions[:, -1] = self.expected
        from dealml.learning.rungs.tree_shap_kernel import look_up  # Numba compiles on import; --help must not wait

        look_up(np.ascontiguousarray(matrix), *self.nodes, *self.parts, contributions)  # type: ignore[call-arg]
        return contributions


def tables_of(trees: Sequence[Tree]) -> ShapTables | None:
    """The tables of a forest; None where its trees are too large for them."""
    leaves = [[_leaf(tree, index) for index in range(len(tree.value))] for tree in trees]
    if any(len(tree.feature) > MOST_NODES for tree in trees) or any(
        len(leaf.features) > MOST_FEATURES for tree_leaves in leaves for leaf in tree_leaves
    ):
        return None
    flat = [leaf for tree_leaves in leaves for leaf in tree_leaves if leaf.features]
    in_tree = np.cumsum([0, *(sum(bool(leaf.features) for leaf in tree_leaves) for tree_leaves in leaves)])
    of_leaf = np.cumsum([0, *(len(leaf.features) for leaf in flat)])
    at = np.cumsum([0, *(len(leaf.features) << len(leaf.features) for leaf in flat)])
    table = np.empty(at[-1])
    for count in {len(leaf.features) for leaf in flat}:
        same = [index for index, leaf in enumerate(flat) if len(leaf.features) == count]
        values = _values(np.array([flat[index].shares for index in same]), np.array([flat[index].value for index in same]))
        for index, patterns in zip(same, values, strict=True):
            table[at[index] : at[index + 1]] = patterns.reshape(-1)
    first = np.cumsum([0, *(len(tree.feature) for tree in trees)])
    node = [np.concatenate([getattr(tree, name) for tree in trees]) for name in _NODE]
    word = [np.array([value for leaf in flat for value in getattr(leaf, name)], dtype=np.uint64) for name in ("conditions", "left")]
    feature = np.array([index for leaf in flat for index in leaf.features], dtype=np.intp)
    return ShapTables((first, *node), (in_tree, of_leaf, feature, *word, at, table), sum(tree.expected for tree in trees))


_NODE = ("feature", "threshold", "is_categorical", "defaults_left", "missing", "codes")


def _leaf(tree: Tree, index: int) -> Leaf:
    conditions, left, shares = dict[int, int](), dict[int, int](), dict[int, float]()
    for node, goes_left, share in tree.ways[index]:
        feature = int(tree.feature[node])
        conditions[feature] = conditions.get(feature, 0) | 1 << node
        left[feature] = left.get(feature, 0) | goes_left << node
        shares[feature] = shares.get(feature, 1.0) * share
    return Leaf(tuple(conditions), tuple(conditions.values()), tuple(left.values()), tuple(shares.values()), float(tree.value[index]))


def _values(shares: Floats, value: Floats) -> Floats:
    """Shapley values of leaves with d features each: leaves × 2^d patterns × d.

    A feature that joins multiplies the leaf's weight by 1 where the row agrees with it, else by 0, and one that
    does not by its share of the rows; so a feature's value is the integral over t of its own step times the
    others' (1 − t) · share + t · agrees.
    """
    count = shares.shape[1]
    agrees = ((np.arange(1 << count)[:, None] >> np.arange(count)) & 1).astype(np.float64)
    points, weights = np.polynomial.legendre.leggauss((count + 1) // 2)
    contributions = np.zeros((len(shares), 1 << count, count))
    for t, weight in zip((points + 1) / 2, weights / 2, strict=True):
        joined = (1 - t) * shares[:, None, :] + t * agrees
        contributions += weight * joined.prod(axis=2, keepdims=True) / joined
    return np.asarray(contributions * (agrees - shares[:, None, :]) * value[:, None, None])
