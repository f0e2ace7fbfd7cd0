"""Values that settled entities have and open ones lack, or the other way round: filled in when the outcome was known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

from dealml.leaks.binning import BinnedColumn, Floats, Ints
from dealml.leaks.weekly_panel import Ends, OpenVersusSettled

DRIFT = 0.15
"""By how much, relative to it, a share may drift from one end to another beyond chance."""
USUAL_RATIO = 0.5
"""How far, on a log scale, the sides usually differ with honest values; what earlier ends tell is weighed against it."""


@dataclass(frozen=True)
class RegionCounts:
    """Observed and expected counts of regions on one side; the other side gives the expectation, at one or more ends."""

    observed: Floats
    expected: Floats
    other: Floats
    """Entities of the other side that the expectation comes from."""
    total: float
    """Entities of this side, whatever the region."""

    @classmethod
    def of(cls, ends: tuple[OpenVersusSettled, ...], column: BinnedColumn, codes: Ints, of_open: bool) -> RegionCounts:
        """Summed over ends; an entity that is there at several ends counts as often."""
        size = column.members.shape[1]
        masses = [end.mass(codes, column.size, of_open) for end in ends]
        observed, expected, other = (sum((mass[part] @ column.members for mass in masses), np.zeros(size)) for part in range(3))
        return cls(observed, expected, other, float(sum(mass[0].sum() for mass in masses)))


@dataclass(frozen=True)
class RegionGap:
    """What one side has of each region, what honest values would give it, and how likely so little is."""

    observed: Floats
    honest: Floats
    chance: Floats
    total: float


def region_gap(ends: Ends, column: BinnedColumn, codes: Ints, of_open: bool, tolerated: float = 1.0) -> RegionGap:
    """Compare what is open (or settled) with the other side, as it was at earlier ends.

    Honest values differ between the sides too: some kinds of deals live longer. They differ alike at
    every end, because what is settled by now was open then. Values filled in afterwards do not:
    at an earlier end they stand on both sides.

    Parameters
    ----------
    codes
        The column's code at each look.
    of_open
        Whose lack is looked for: that of open entities, or of settled ones.
    tolerated
        A region may become so much rarer without remark.
    """
    now, then = RegionCounts.of((ends.now,), column, codes, of_open), RegionCounts.of(ends.earlier, column, codes, of_open)
    here, there = (ends.repeats[side] for side in (of_open, not of_open))
    uncertainty = 1 / (then.observed / here + 0.5) + 1 / (then.other / there + 0.5)
    weight = USUAL_RATIO**2 / (USUAL_RATIO**2 + uncertainty)
    ratio = (_odds(then.observed, then.total) / _odds(then.expected, then.total)) ** weight
    # Where honest values were more frequent on this side than expected, one does not count on it.
    odds = _odds(now.expected, now.total, smooth=0.0) * np.minimum(1.0, ratio)
    honest = tolerated * now.total * odds / (1 + odds)
    spread = 1 / (now.other + 0.5) + weight * uncertainty + DRIFT**2
    return RegionGap(now.observed, honest, _so_few(now.observed, honest, 1 / spread), now.total)


def _odds(count: Floats, total: float, smooth: float = 0.5) -> Floats:
    return (count + smooth) / np.maximum(total - count + smooth, 1e-9)


def _so_few(count: Floats, mean: Floats, shape: Floats) -> Floats:
    """The probability of at most `count` under a negative binomial: Poisson counts whose mean is itself uncertain."""
    return np.where(mean > 0, betainc(shape, count + 1, shape / (shape + np.maximum(mean, 1e-12))), 1.0)
