"""Capacity: the deals that a team works from the top of each week's list, and the wins among them.

Ties are worked in random order, so a deal at the edge of the list stands on it by its expected part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dealml.evaluation.metrics.lift import Lists
from dealml.evaluation.metrics.ranking import Indices, Vector

SHARE = 0.2
"""Of the open deals: what a team is taken to work where nobody says how many."""


@dataclass(frozen=True)
class Capacity:
    """How many deals of each list a team can work: a fixed number, or a share of the list."""

    deals: int | None = None
    share: float = SHARE

    def room(self, sizes: Vector) -> Vector:
        """The number of deals that can be worked on lists of given sizes."""
        return self.share * sizes if self.deals is None else np.minimum(float(self.deals), sizes)


def worked(scores: Vector, lists: Indices, capacity: Capacity) -> Vector:
    """The part of each row that is worked: 1 above the edge of its list, 0 below, between for those tied at the edge.

    Parameters
    ----------
    scores : array (n,)
        The higher, the earlier worked.
    lists : array (n,)
        The list that each row stands on.
    """
    if not len(scores):
        return np.zeros(0)
    ranked = Lists.of(scores, lists)
    ties = np.diff(np.r_[ranked.ties, len(scores)]).astype(np.float64)
    groups = np.diff(np.r_[ranked.firsts, len(ties)])
    before = np.cumsum(ties) - ties
    before -= np.repeat(before[ranked.firsts], groups)
    room = np.repeat(capacity.room(np.add.reduceat(ties, ranked.firsts)), groups)
    part = np.clip(room - before, 0.0, ties) / ties
    rows = np.empty(len(scores))
    rows[ranked.order] = np.repeat(part, ties.astype(np.intp))
    return rows


def credits(won: Vector, deals: Indices) -> Vector:
    """What each row counts for: a won deal counts once, shared evenly by its rows that the win followed."""
    rows = np.bincount(deals, weights=won)[deals]
    return np.divide(won, rows, out=np.zeros(len(won)), where=rows > 0)


def gains(scores: Vector, lists: Indices, credit: Vector, shares: Vector) -> Vector:
    """The share of all credit that stands on the lists, at each of several shares worked; nan where there is none."""
    whole = credit.sum()
    caught = np.array([(credit * worked(scores, lists, Capacity(share=float(share)))).sum() for share in shares])
    return caught / whole if whole > 0 else np.full(len(shares), np.nan)
