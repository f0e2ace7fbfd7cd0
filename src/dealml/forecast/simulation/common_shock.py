"""The shared shock: how much all deals of a period together do better or worse than their probabilities say.

The log-odds of every open deal are moved by one u for the whole period, u ~ Normal(bias, spread²). What a past period tells of its
own u is the likelihood of its deals' ends, L(u) = Π p(u)^y (1 − p(u))^(1 − y) with p(u) = expit(logit p + u): that curve over a grid
of u is all that is kept of it. Bias and spread have the posterior ∏ ∫ Normal(u; bias, spread²) L(u) du × prior over the past periods,
worked out on a grid; a forecast draws from it, so what few periods leave open widens the range. This is a random-intercept logistic
regression (McCulloch and Searle 2001, Generalized, Linear, and Mixed Models) with priors that shrink both towards none; that of the
spread is half-Cauchy (Gelman 2006, Prior distributions for variance parameters in hierarchical models): small until periods say
otherwise, and then soon large.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.special import logit

Floats = npt.NDArray[np.float64]

GRID: Floats = np.linspace(-2.5, 2.5, 251)
"""Values of u, in log-odds."""
BIASES: Floats = np.linspace(-1.0, 1.0, 81)
SPREADS: Floats = np.concatenate([np.linspace(0.02, 0.5, 25), np.linspace(0.55, 1.2, 14)])
PRIOR_BIAS, PRIOR_SPREAD = 0.15, 0.1
"""Standard deviation of the bias, and scale of the half-Cauchy of the spread, before any period was seen."""
_TINY, _TINIEST = 1e-9, 1e-300


@dataclass(frozen=True)
class Shock:
    """What is known of the bias and the spread of u."""

    weight: Floats
    """The posterior: `BIASES` × `SPREADS`, sums to 1."""
    periods: int
    """How many past periods it was learned from."""

    def draw(self, rng: np.random.Generator, count: int) -> Floats:
        """Draws of u for a period to come."""
        cell = rng.choice(self.weight.size, count, p=self.weight.ravel())
        bias, spread = BIASES[cell // len(SPREADS)], SPREADS[cell % len(SPREADS)]
        return np.asarray(bias + spread * rng.standard_normal(count))

    @property
    def bias(self) -> float:
        """Its mean."""
        return float(self.weight.sum(axis=1) @ BIASES)

    @property
    def spread(self) -> float:
        """Its mean."""
        return float(self.weight.sum(axis=0) @ SPREADS)


def curve_of(probability: Floats, won: Floats) -> Floats:
    """The log of L(u) over `GRID` of one past period, its greatest value 0.

    Parameters
    ----------
    probability, won
        Of each deal open at its origin: the chance that was served then, and 1 or 0.
    """
    margin = logit(np.clip(probability, _TINY, 1 - _TINY))
    total = np.zeros(len(GRID))
    for start in range(0, len(margin), 5_000):
        moved = margin[start : start + 5_000, None] + GRID
        total += (won[start : start + 5_000, None] * moved - np.logaddexp(0, moved)).sum(axis=0)
    return np.asarray(total - total.max())


def learned(curves: Sequence[Floats]) -> Shock:
    """Bias and spread from past periods; from none the prior."""
    log = -0.5 * (BIASES[:, None] / PRIOR_BIAS) ** 2 - np.log1p((SPREADS / PRIOR_SPREAD) ** 2) + np.log(_widths())
    for curve in curves:
        log = log + np.log(np.maximum(np.tensordot(np.exp(curve), _densities(), axes=1), _TINIEST))
    weight = np.exp(log - log.max())
    return Shock(weight / weight.sum(), len(curves))


@cache
def _densities() -> Floats:
    """`GRID` × `BIASES` × `SPREADS`: normal densities, normalised on the grid, so that a spread near its step stays a distribution."""
    density = np.exp(-0.5 * ((GRID[:, None, None] - BIASES[:, None]) / SPREADS) ** 2)
    return np.asarray(density / density.sum(axis=0))


def _widths() -> Floats:
    """The stretch that each spread of the grid stands for."""
    return np.asarray(np.gradient(SPREADS))
