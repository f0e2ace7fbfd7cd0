"""Deals not yet created: the number and the amounts of such wins in past windows.

The count of a window is Poisson around a rate that itself varies from window to window by a gamma factor (so it is negative
binomial: Greenwood and Yule 1920); how sure the mean rate is follows from the windows' number and weights. Each win's money and group
are those of a win that came so in a past window.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.forecast.simulation.past_windows import PastDeals

Floats = npt.NDArray[np.float64]

USUAL_SPREAD, USUAL_STRENGTH = 0.05, 2.0
"""The variance of the gamma factor that is taken for usual, and how many windows it counts for."""


@dataclass(frozen=True)
class Arrivals:
    """The distribution of wins by deals that are not counted yet."""

    rate: float
    """Mean number of such wins in a window."""
    uncertainty: float
    """Variance of what is known of that mean."""
    spread: float
    """Variance of the factor by which a window's own rate differs from it."""
    pool: pd.DataFrame
    """Past ones, with `money`, `CUTS` and `weight`."""
    windows: int

    def counts(self, rng: np.random.Generator, draws: int) -> npt.NDArray[np.int64]:
        """How many there are in each draw."""
        if not len(self.pool):
            return np.zeros(draws, dtype=np.int64)
        rate = rng.gamma(self.rate**2 / self.uncertainty, self.uncertainty / self.rate, draws)
        return np.asarray(rng.poisson(rate * rng.gamma(1 / self.spread, self.spread, draws)))

    def which(self, rng: np.random.Generator, count: int) -> npt.NDArray[np.intp]:
        """Positions in the pool of `count` deals drawn from it."""
        share = np.cumsum(self.pool["weight"].to_numpy(dtype=np.float64))
        indices = np.searchsorted(share, rng.random(count) * share[-1], side="right")
        return np.asarray(np.minimum(indices, len(share) - 1), dtype=np.intp)


def arrivals_of(seen: PastDeals) -> Arrivals:
    """Learn from past windows."""
    window = seen.others["window"].to_numpy(dtype=np.intp)
    pool = seen.others.assign(weight=seen.weight[window])
    if not len(pool):
        return Arrivals(0.0, 0.0, USUAL_SPREAD, pool, len(seen))
    count = np.bincount(window, minlength=len(seen)).astype(np.float64)
    weight = seen.weight / seen.weight.sum()
    rate = float(weight @ count)
    excess = max(float(weight @ (count - rate) ** 2) * len(seen) / max(len(seen) - 1, 1) - rate, 0.0) / rate**2
    spread = ((len(seen) - 1) * excess + USUAL_STRENGTH * USUAL_SPREAD) / (len(seen) - 1 + USUAL_STRENGTH)
    uncertainty = float((weight**2).sum()) * (rate + spread * rate**2)
    return Arrivals(rate, uncertainty, spread, pool, len(seen))
