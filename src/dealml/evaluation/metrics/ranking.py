"""Ranked forecasts: sorted once, then reweighted for each resample of a bootstrap.

Sorting is the costly part of ranking metrics and does not depend on the
weights. A `Ranking` does it once; a `Sample` lays one set of weights over it,
so a resample costs a few sums over rows that already stand in order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Vector = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Ranking:
    """Labels and probabilities, the most probable row first.

    Attributes
    ----------
    y, p : arrays (n,)
        Labels (0 or 1) and probabilities, in falling order of probability.
    order : array (n,)
        Where each row stood in the input: `input[order]` is in ranked order.
    starts : array (groups,)
        First row of every group of equal probabilities.
    """

    y: Vector
    p: Vector
    order: Indices
    starts: Indices


@dataclass(frozen=True, eq=False)
class Sample:
    """A ranking under one set of weights, `w` (n,) in ranked order; weight 0 means absent."""

    ranking: Ranking
    w: Vector

    @cached_property
    def total(self) -> float:
        """Weight of all rows."""
        return float(self.w.sum())

    @cached_property
    def positives(self) -> float:
        """Weight of the rows whose label is 1."""
        return float(self.group_positives.sum())

    @cached_property
    def negatives(self) -> float:
        """Weight of the rows whose label is 0."""
        return float(self.group_negatives.sum())

    @cached_property
    def group_weights(self) -> Vector:
        """Weight of each group of equal probabilities."""
        return self._by_group(self.w)

    @cached_property
    def group_positives(self) -> Vector:
        """Weight of label 1 in each group of equal probabilities."""
        return self._by_group(self.w * self.ranking.y)

    @cached_property
    def group_negatives(self) -> Vector:
        """Weight of label 0 in each group of equal probabilities."""
        # Summed, not subtracted: a subtraction leaves 1e-17 where there is nothing.
        return self._by_group(self.w * (1 - self.ranking.y))

    @property
    def has_both_classes(self) -> bool:
        """Whether both labels occur, so that rows can be ranked at all."""
        return self.positives > 0 and self.negatives > 0

    def _by_group(self, rows: Vector) -> Vector:
        return np.add.reduceat(rows, self.ranking.starts) if len(rows) else rows


def rank(y: ArrayLike, p: ArrayLike) -> Ranking:
    """Sort forecasts by falling probability.

    Parameters
    ----------
    y : array (n,)
        Labels, 0 or 1.
    p : array (n,)
        Probabilities of label 1, from 0 to 1.

    Raises
    ------
    ValueError
        If the lengths differ, a label is not 0 or 1, or a probability is
        missing or outside [0, 1].
    """
    labels = _vector(y, "y")
    _refuse("y", "must be 0 or 1", (labels != 0) & (labels != 1))
    chances = probabilities("p", p, len(labels))
    order = np.argsort(-chances, kind="stable")
    chances = chances[order]
    is_start = np.r_[True, chances[1:] != chances[:-1]][: len(chances)]
    return Ranking(labels[order], chances, order, np.flatnonzero(is_start))


def weigh(ranking: Ranking, w: ArrayLike) -> Sample:
    """Apply weights `w` (n,), given in the input's order, to a ranking.

    Raises
    ------
    ValueError
        If the length differs, or a weight is missing, infinite or negative.
    """
    weights = _vector(w, "w")
    _same_length(len(ranking.p), weights, "w")
    _refuse("w", "must be finite and not negative", ~(np.isfinite(weights) & (weights >= 0)))
    return Sample(ranking, weights[ranking.order])


def equal_mass_bins(sample: Sample, bins: int) -> Indices:
    """Bin (0 the most probable) of each group of equal probabilities.

    Bins hold equal shares of the weight. A group is never split: it goes where
    the middle of its weight falls, so a bin may be overfull, or empty.
    """
    if bins < 1:
        raise ValueError(f"bins must be at least 1, not {bins}")
    middle = np.cumsum(sample.group_weights) - sample.group_weights / 2
    share = middle * bins / sample.total if sample.total > 0 else np.zeros_like(middle)
    # Rows without weight at the end have their middle at the very end, where there is no bin.
    return np.minimum(share.astype(np.intp), bins - 1)


def probabilities(name: str, values: ArrayLike, rows: int) -> Vector:
    """Check probabilities (n,) and return them as an array.

    Raises
    ------
    ValueError
        Naming `name`, if there are not `rows` of them, or one is missing or outside [0, 1].
    """
    chances = _vector(values, name)
    _same_length(rows, chances, name)
    _refuse(name, "must be a probability from 0 to 1", ~((chances >= 0) & (chances <= 1)))
    return chances


def _vector(values: ArrayLike, name: str) -> Vector:
    vector = np.asarray(values, dtype=np.float64)
    if vector.ndim != 1:
        raise ValueError(f"{name} must have one dimension, not {vector.ndim}")
    return vector


def _same_length(rows: int, values: Vector, name: str) -> None:
    if len(values) != rows:
        raise ValueError(f"{name} has {len(values)} rows where {rows} were expected")


def _refuse(name: str, rule: str, wrong: NDArray[np.bool_]) -> None:
    if wrong.any():
        raise ValueError(f"{name} {rule}: {int(wrong.sum())} of {len(wrong)} rows are not")
