"""The base rate: served where there is too little to learn from, or no learner is better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dealml.learning.rungs.rung import Floats


@dataclass(frozen=True)
class BaseRate:
    """The share of outcomes within each horizon."""

    horizons: tuple[float, ...]
    margins: tuple[float, ...]
    name: str = "base_rate"
    trees: None = None

    def margin(self, matrix: Floats) -> Floats:
        """Log-odds of the horizon's base rate."""
        return np.interp(matrix[:, -1], self.horizons, self.margins)

    def contributions(self, matrix: Floats) -> Floats:
        """All of the margin is what to begin with: a reader asks how a case differs from others given the same time."""
        parts = np.zeros((len(matrix), matrix.shape[1] + 1))
        parts[:, -1] = self.margin(matrix)
        return parts

    def content(self) -> dict[str, Any]:
        """Horizons and margins."""
        return {"name": self.name, "horizons": list(self.horizons), "margins": list(self.margins)}


def fit_base_rate(matrix: Floats, won: Floats) -> BaseRate:
    """Fit the base rate of each horizon, half a case added to either side, never falling with the horizon."""
    horizons = np.unique(matrix[:, -1])
    rates = [(np.sum(won[at]) + 0.5) / (np.sum(at) + 1.0) for at in (matrix[:, -1] == h for h in horizons)]
    rising = np.maximum.accumulate(np.array(rates))
    return BaseRate(tuple(horizons.tolist()), tuple(np.log(rising / (1 - rising)).tolist()))


def fit_overall_rate(won: Floats) -> BaseRate:
    """Fit one rate for every horizon, half a case added to either side."""
    rate = (np.sum(won) + 0.5) / (len(won) + 1.0)
    return BaseRate((0.0,), (float(np.log(rate / (1 - rate))),))
