"""What a forest says of the horizon alone, before anything is known of a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dealml.learning.rungs.lightgbm_text import Tree
from dealml.learning.rungs.rung import Floats


@dataclass(frozen=True)
class HorizonAlone:
    """A step function of the horizon: log-odds against the forest's mean over training rows."""

    edges: Floats
    """Ascending; a horizon equal to one still counts to the step before it."""
    steps: Floats
    """One more than edges."""

    def at(self, horizons: Floats) -> Floats:
        """The log-odds of each horizon, in days."""
        return np.asarray(self.steps[np.searchsorted(self.edges, horizons, side="left")])


def horizon_alone(trees: Iterable[Tree], index: int) -> HorizonAlone:
    """The expectation of a forest where only the horizon is known: at its splits by the horizon, at others by training rows.

    It is the worth of the coalition that holds the horizon alone in the game of path-dependent
    TreeSHAP (Lundberg et al. 2020, Nature Machine Intelligence 2), minus that of the empty one.

    Parameters
    ----------
    index
        Of the horizon in the matrix.
    """
    split = [tree for tree in trees if (tree.feature == index).any()]
    edges = np.unique(np.concatenate([[], *(tree.threshold[tree.feature == index] for tree in split)]))
    inside = np.append(edges, np.inf)
    return HorizonAlone(edges, sum((_expected(tree, index, inside) - tree.expected for tree in split), np.zeros(len(inside))))


def _expected(tree: Tree, index: int, horizons: Floats) -> Floats:
    total = np.zeros(len(horizons))
    for value, way in zip(tree.value, tree.ways, strict=True):
        weight = np.full(len(horizons), value)
        for node, goes_left, share in way:
            weight *= (horizons <= tree.threshold[node]) == goes_left if tree.feature[node] == index else share
        total += weight
    return total
