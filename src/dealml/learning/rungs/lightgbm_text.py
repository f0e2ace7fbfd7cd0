"""A LightGBM model's text as arrays: its splits, and the way to every leaf."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dealml.learning.rungs.rung import Floats

Places = npt.NDArray[np.intp]

MOST_NODES = 64
"""Splits of one tree, and codes of one text, that fit into one word."""

_CATEGORICAL, _DEFAULT_LEFT = 1, 2
"""Bits of LightGBM's `decision_type`; the two above them tell what counts as missing."""


@dataclass(frozen=True)
class Tree:
    """One tree; a child below 0 is the leaf ~child."""

    feature: Places
    threshold: Floats
    is_categorical: npt.NDArray[np.bool_]
    defaults_left: npt.NDArray[np.bool_]
    missing: Places
    """0: nothing is missing; 1: zeros are; 2: NaNs are."""
    codes: npt.NDArray[np.uint64]
    """Of a split on a text: which codes go left, a bit each."""
    left: Places
    right: Places
    value: Floats
    """Of each leaf."""
    leaf_count: Floats
    """Training rows in each leaf."""
    node_count: Floats

    @property
    def expected(self) -> float:
        """The mean of the leaves' values over training rows."""
        return float(self.value @ self.leaf_count / self.leaf_count.sum())

    @cached_property
    def ways(self) -> list[list[tuple[int, bool, float]]]:
        """Of each leaf: the splits on the way to it, whether it lies left of each, and the share of rows that went that way."""
        paths: list[list[tuple[int, bool, float]]] = [[] for _ in self.value]
        waiting: list[tuple[int, list[tuple[int, bool, float]]]] = [(0, [])] if len(self.feature) else []
        while waiting:
            node, way = waiting.pop()
            for child, goes_left in ((int(self.left[node]), True), (int(self.right[node]), False)):
                count = self.node_count[child] if child >= 0 else self.leaf_count[~child]
                longer = [*way, (node, goes_left, float(count / self.node_count[node]))]
                if child >= 0:
                    waiting.append((child, longer))
                else:
                    paths[~child] = longer
        return paths


def trees_of(text: str) -> Iterator[Tree]:
    """The trees of a model's text."""
    for block in text.partition("\nTree=0\n")[2].partition("\nend of trees")[0].split("\nTree="):
        yield _tree(dict(line.split("=", 1) for line in block.splitlines() if "=" in line))


def _tree(lines: dict[str, str]) -> Tree:
    def floats(name: str) -> Floats:
        return np.array(lines.get(name, "").split(), dtype=np.float64)

    def places(name: str) -> Places:
        return np.array(lines.get(name, "").split(), dtype=np.intp)

    kind, threshold = places("decision_type"), floats("threshold")
    words, bounds = [int(word) for word in lines.get("cat_threshold", "").split()], places("cat_boundaries")
    is_categorical = (kind & _CATEGORICAL) > 0
    codes = np.zeros(len(kind), dtype=np.uint64)
    for node in np.flatnonzero(is_categorical):
        first, last = bounds[int(threshold[node])], bounds[int(threshold[node]) + 1]
        codes[node] = sum(word << (32 * index) for index, word in enumerate(words[first:last])) % 2**MOST_NODES
    return Tree(
        feature=places("split_feature"),
        threshold=threshold,
        is_categorical=is_categorical,
        defaults_left=(kind & _DEFAULT_LEFT) > 0,
        missing=(kind >> 2) & 3,
        codes=codes,
        left=places("left_child"),
        right=places("right_child"),
        value=floats("leaf_value"),
        leaf_count=floats("leaf_count") if len(kind) else np.ones(1),
        node_count=floats("internal_count"),
    )
