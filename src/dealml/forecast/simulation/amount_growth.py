"""How amounts change until deals are won: drawn from past deals, as the amount at the win over the amount at a like moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dealml.forecast.simulation.past_windows import PastDeals

Floats = npt.NDArray[np.float64]

MIN_PAST_DEALS = 20
"""Past deals below which amounts are taken as they stand."""
A_BIN, MOST_BINS = 40, 5
"""Past deals for each bin of the amount, and how many bins there are at most."""
_TABLE = 4_096


@dataclass(frozen=True)
class AmountGrowth:
    """Factors by which amounts grow until the win, for each bin of the amount.

    A past deal is drawn in proportion to its amount at the time: so the mean factor is what all amounts of the bin together came to,
    and one that was entered ten times too high, and corrected later, does not raise the forecast of all others.
    """

    edges: Floats
    """Between the bins, ascending."""
    table: Floats
    """Bins × equally likely factors."""
    deals: int
    """How many past deals it was learned from; 0: amounts are taken as they stand."""

    def bins(self, money: Floats) -> npt.NDArray[np.intp]:
        """The bin of each amount."""
        return np.searchsorted(self.edges, money, side="right")

    def mean(self, money: Floats) -> Floats:
        """The mean factor of each amount."""
        return np.asarray(self.table.mean(axis=1)[self.bins(money)])

    def variance(self, money: Floats) -> Floats:
        """The variance of each amount's factor."""
        return np.asarray(self.table.var(axis=1)[self.bins(money)])

    def draw(self, rng: np.random.Generator, bins: npt.NDArray[np.intp]) -> Floats:
        """A factor for each bin given."""
        return np.asarray(self.table[bins, rng.integers(0, self.table.shape[1], len(bins))])


UNCHANGED = AmountGrowth(np.zeros(0), np.ones((1, 1)), 0)


def growth_of(seen: PastDeals) -> AmountGrowth:
    """Learn from the deals that were won in past windows."""
    won = seen.deals[seen.deals["won"] & (seen.deals["money"] > 0) & seen.deals["won_money"].notna()]
    if len(won) < MIN_PAST_DEALS:
        return UNCHANGED
    before, after = won["money"].to_numpy(dtype=np.float64), won["won_money"].to_numpy(dtype=np.float64)
    weight = seen.weight[won["window"].to_numpy(dtype=np.intp)] * before
    bins = int(np.clip(len(won) // A_BIN, 1, MOST_BINS))
    edges = np.unique(np.quantile(before, np.arange(1, bins) / bins))
    bin_of = np.searchsorted(edges, before, side="right")
    members = [bin_of == number for number in range(len(edges) + 1)]
    table = [equally_likely((after / before)[which], weight[which]) for which in members if which.any()]
    return (
        AmountGrowth(edges, np.array(table), len(won))
        if len(table) == len(members)
        else AmountGrowth(np.zeros(0), equally_likely(after / before, weight)[None], len(won))
    )


def equally_likely(values: Floats, weight: Floats) -> Floats:
    """Values of a weighted sample at evenly spaced shares of its weight: drawing one of them draws from the sample."""
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weight[order])
    at = (np.arange(_TABLE) + 0.5) / _TABLE * share[-1]
    return np.asarray(values[order][np.minimum(np.searchsorted(share, at), len(values) - 1)])
