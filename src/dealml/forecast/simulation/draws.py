"""Simulation: the money of a period, drawn many times over, in total and by group.

In each draw all open deals share one u; each is won with expit(logit p + u), at its amount times a factor of growth; wins by deals
not yet created come on top. Deals are worked through in batches, so memory does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

from dealml.forecast.record import CUTS
from dealml.forecast.simulation.amount_growth import AmountGrowth
from dealml.forecast.simulation.common_shock import Shock
from dealml.forecast.simulation.new_deals import Arrivals

Floats = npt.NDArray[np.float64]

DRAWS = 4_000
SEED = 7
DEALS_A_BATCH = 500
_TINY = 1e-9


@dataclass(frozen=True)
class SimulationInputs:
    """What a forecast is drawn from."""

    won: pd.DataFrame
    """Wins so far, with `money` and `CUTS`; they are facts."""
    open: pd.DataFrame
    """Open deals, with `money`, `CUTS` and `probability` of being won within the period."""
    growth: AmountGrowth
    arrivals: Arrivals
    shock: Shock


@dataclass(frozen=True)
class SimulatedMoney:
    """Draws of money: arrays of `draws`."""

    open: Floats
    new: Floats
    groups: Mapping[str, Mapping[str, Floats]]
    """By cut and label: won so far, open and new together."""
    variance: Mapping[str, float]
    """Of the total, by what makes it: `luck` of single deals, `shock`, `new` deals and `amounts`."""


@dataclass(frozen=True)
class _Labels:
    """The groups of each cut, and where each starts among all groups."""

    names: Mapping[str, list[str]]

    @property
    def count(self) -> int:
        return sum(len(labels) for labels in self.names.values())

    def codes(self, table: pd.DataFrame) -> npt.NDArray[np.intp]:
        """Cuts × rows: the place of each row's group among the groups of all cuts."""
        start, columns = 0, []
        for cut, labels in self.names.items():
            columns.append(start + pd.Index(labels).get_indexer(pd.Index(table[cut])))
            start += len(labels)
        return np.array(columns, dtype=np.intp).reshape(len(self.names), len(table))


def simulate_money(inputs: SimulationInputs, draws: int = DRAWS, seed: int = SEED) -> SimulatedMoney:
    """Draw the money of a period; the same arguments give the same draws.

    Returns
    -------
    Drawn
        The variance of the open deals' money is that of its draws' law: given u, deals are independent (law of total variance).
    """
    shocks, deals, arrivals = (np.random.default_rng([seed, stream]) for stream in range(3))
    labels = _labels(inputs)
    groups = np.zeros((labels.count, draws))
    u = inputs.shock.draw(shocks, draws)
    open_, variance = _open(inputs, u, labels, groups, deals)
    new = _new(inputs.arrivals, labels, groups, arrivals)
    so_far = inputs.won[inputs.won["money"].notna()]
    for codes in labels.codes(so_far):
        groups += np.bincount(codes, so_far["money"].to_numpy(dtype=np.float64), labels.count)[:, None]
    return SimulatedMoney(open_, new, _named(labels, groups), variance | {"new": float(new.var())})


def _open(
    outlook: SimulationInputs, u: Floats, labels: _Labels, groups: Floats, rng: np.random.Generator
) -> tuple[Floats, dict[str, float]]:
    money = outlook.open["money"].to_numpy(dtype=np.float64)
    margin = logit(np.clip(outlook.open["probability"].to_numpy(dtype=np.float64), _TINY, 1 - _TINY))
    bins, codes = outlook.growth.bins(money), labels.codes(outlook.open)
    expected, spread = money * outlook.growth.mean(money), money**2 * outlook.growth.variance(money)
    total, given_u, luck, amounts = np.zeros(len(u)), np.zeros(len(u)), 0.0, 0.0
    for start in range(0, len(money), DEALS_A_BATCH):
        batch = slice(start, start + DEALS_A_BATCH)
        chance = expit((margin[batch, None] + u).astype(np.float32))
        value = np.zeros(chance.shape)
        deal, draw = np.nonzero(rng.random(chance.shape, dtype=np.float32) < chance)
        value[deal, draw] = money[batch][deal] * outlook.growth.draw(rng, bins[batch][deal])
        total += value.sum(axis=0)
        given_u += expected[batch] @ chance
        luck += float(expected[batch] ** 2 @ (chance * (1 - chance)).mean(axis=1))
        amounts += float(spread[batch] @ chance.mean(axis=1))
        groups += _membership(codes[:, batch], labels.count) @ value
    return total, {"luck": luck, "amounts": amounts, "shock": float(given_u.var())}


def _new(arrivals: Arrivals, labels: _Labels, groups: Floats, rng: np.random.Generator) -> Floats:
    draws = groups.shape[1]
    counts = arrivals.counts(rng, draws)
    which, draw = arrivals.which(rng, int(counts.sum())) if counts.any() else np.zeros(0, np.intp), np.repeat(np.arange(draws), counts)
    money = arrivals.pool["money"].to_numpy(dtype=np.float64)[which]
    for codes in labels.codes(arrivals.pool):
        groups += np.bincount(codes[which] * draws + draw, weights=money, minlength=groups.size).reshape(groups.shape)
    return np.asarray(np.bincount(draw, weights=money, minlength=draws), dtype=np.float64)


def _labels(outlook: SimulationInputs) -> _Labels:
    tables = (outlook.won, outlook.open, outlook.arrivals.pool)
    names = {cut: sorted({str(label) for table in tables for label in table[cut]}) for cut in CUTS}
    return _Labels(names)


def _membership(codes: npt.NDArray[np.intp], count: int) -> Floats:
    """Groups × deals: 1 where a deal is of a group."""
    matrix = np.zeros((count, codes.shape[1]))
    for cut_codes in codes:
        matrix[cut_codes, np.arange(len(cut_codes))] = 1.0
    return matrix


def _named(labels: _Labels, groups: Floats) -> dict[str, dict[str, Floats]]:
    start, by_cut = 0, {}
    for cut, names in labels.names.items():
        by_cut[cut] = {name: groups[start + index] for index, name in enumerate(names)}
        start += len(names)
    return by_cut
