"""Lift, and the share of the money, in the top of each list.

A team sees one list each Monday and works from its top, so rows are ranked within their list and
then pooled. Ties are worked in random order, and a list's top share may end within a row: what
falls in is counted by its expected part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dealml.evaluation.metrics.bootstrap import Interval, interval_of, resampled
from dealml.evaluation.metrics.ranking import Indices, Vector

PERCENTS = (10, 20, 30)


MEANINGS = {
    "lift": "how many times the usual rate of outcomes the top of each list has",
    "money": "share of the money with the outcome that lies in the top of each list",
}
"""What each kind of measure says. Higher is better."""

TOP_MEASURES = tuple(f"{kind}_{percent}" for kind in MEANINGS for percent in PERCENTS)
"""Every measure of the top by name, in the order of reports."""


@dataclass(frozen=True, eq=False)
class Lists:
    """Rows by list and falling probability.

    Attributes
    ----------
    order : array (n,)
        Rows list by list, the most probable first.
    ties : array (groups,)
        First place in `order` of every group of equal probabilities in one list.
    firsts : array (lists,)
        First group of every list.
    """

    order: Indices
    ties: Indices
    firsts: Indices

    @classmethod
    def of(cls, p: ArrayLike, lists: ArrayLike) -> Lists:
        """Sort probabilities (n,) within their lists (n,)."""
        chances, codes = np.asarray(p, dtype=np.float64), np.asarray(lists)
        order = np.lexsort((-chances, codes))
        chances, codes = chances[order], codes[order]
        new_list = np.r_[True, codes[1:] != codes[:-1]][: len(codes)]
        new_tie = new_list | np.r_[True, chances[1:] != chances[:-1]][: len(codes)]
        ties = np.flatnonzero(new_tie)
        return cls(order, ties, np.flatnonzero(new_list[ties]))

    def caught(self, gain: NDArray[np.float64], w: Vector, shares: Vector) -> NDArray[np.float64]:
        """Share of each column of `gain` (n, columns) that lies in the top of the lists: (shares, columns).

        nan where there is nothing to catch.
        """
        if not len(self.order):
            return np.full((len(shares), gain.shape[1]), np.nan)
        weights = w[self.order]
        size = np.add.reduceat(weights, self.ties)
        gained = np.add.reduceat(gain[self.order] * weights[:, None], self.ties)
        sizes = np.diff(np.r_[self.firsts, len(self.ties)])
        # Summed list by list: the running sum of all lists would lose digits in the last ones.
        before = np.cumsum(size) - size
        before -= np.repeat(before[self.firsts], sizes)
        total = np.repeat(np.add.reduceat(size, self.firsts), sizes)
        room = np.clip(np.multiply.outer(shares, total) - before, 0.0, size)
        part = np.divide(room, size, out=np.zeros_like(room), where=size > 0)
        whole = gained.sum(axis=0)
        caught: NDArray[np.float64] = np.divide(part @ gained, whole, out=np.full((len(shares), len(whole)), np.nan), where=whole > 0)
        return caught


def top_measures(
    y: ArrayLike,
    p: ArrayLike,
    w: ArrayLike,
    clusters: Indices,
    lists: ArrayLike,
    *,
    money: ArrayLike | None = None,
    resamples: int = 200,
) -> dict[str, Interval]:
    """Lift and share of the money in the top 10, 20 and 30 % of each list, with 95 % intervals by account.

    Parameters
    ----------
    y, p, w : arrays (n,)
        Labels (0 or 1), probabilities of label 1, weights (not negative).
    clusters : array (n,)
        The account of each row, as a number.
    lists : array (n,)
        The list that each row stands on.
    money : array (n,), optional
        The money of each row, not negative; without it, only lifts are returned.
    resamples
        As for `bootstrap.intervals`, whose resamples these are too.
    """
    ranked = Lists.of(p, lists)
    labels, weights, shares = np.asarray(y, dtype=np.float64), np.asarray(w, dtype=np.float64), np.array(PERCENTS) / 100
    gain = np.column_stack([labels] if money is None else [labels, labels * np.asarray(money, dtype=np.float64)])

    def measures(weight: Vector) -> Vector:
        caught = ranked.caught(gain, weight, shares)
        caught[:, 0] /= shares
        return caught.T.ravel()

    values, columns = measures(weights), resampled(clusters, resamples, 0, lambda times: measures(weights * times))
    return {
        name: interval_of(float(value), column) for name, value, column in zip(TOP_MEASURES[: len(values)], values, columns.T, strict=True)
    }
