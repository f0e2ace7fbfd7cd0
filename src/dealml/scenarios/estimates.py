"""Win rates of rules, drawn towards what the company's rate of the same time lets expect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dealml.scenarios.candidates import Codes, Flags, Floats
from dealml.wilson_interval import wilson_interval

PERIOD_STRENGTH = 20.0
"""How many deals the company's rate over all time counts for in the rate of one quarter."""
LEAST_STRENGTH, MOST_STRENGTH = 20.0, 200.0


@dataclass(frozen=True)
class ShrunkenRate:
    """A win rate, drawn towards the usual one as far as few deals say little."""

    rate: float
    low: float
    high: float
    """Bounds that hold the 95 % intervals of the deals alone and of the rate drawn towards the usual one."""
    usual: float
    """What the company's rate of the same quarters gives these deals."""

    @property
    def lift(self) -> float:
        """The rate as a multiple of the usual one."""
        return self.rate / self.usual


def usual_rates(won: Flags, periods: Codes) -> Floats:
    """The company's win rate of each deal's period: array (n,)."""
    count, wins = np.bincount(periods), np.bincount(periods, won)
    rates = (wins + PERIOD_STRENGTH * won.mean()) / (count + PERIOD_STRENGTH)
    return np.asarray(rates[periods])


def prior_strength(deals: Floats, won: Floats, usual: Floats) -> float:
    """How many deals the usual rate counts for in the rate of a rule.

    Parameters
    ----------
    deals, won, usual : arrays (k,)
        For each chosen rule its deals, how many were won, and their usual rate. Rules that were not chosen differ little from the usual
        rate and would draw those that do too near.

    Notes
    -----
    The method of moments for a beta-binomial distribution: Kleinman (1973), Journal of the American Statistical Association 68. Its
    bounds keep a few rules from having no prior, or nothing else.
    """
    if not len(deals):
        return MOST_STRENGTH
    excess = (won - deals * usual) ** 2 - deals * usual * (1 - usual)
    between = excess.sum() / (deals * (deals - 1)).sum()
    mean = float((deals * usual).sum() / deals.sum())
    strength = mean * (1 - mean) / between - 1 if between > 0 else MOST_STRENGTH
    return float(np.clip(strength, LEAST_STRENGTH, MOST_STRENGTH))


def shrunken_rate(deals: int, won: int, usual: float, strength: float) -> ShrunkenRate:
    """The win rate of some deals: the mean of a beta distribution around the usual rate, updated by the deals.

    Its interval reaches over that of the distribution and over Wilson's of the deals alone: where few rules differ from the usual rate
    and one differs a lot, the former draws that one too near.

    Parameters
    ----------
    usual
        Their usual win rate, above 0 and below 1.
    strength
        How many deals the usual rate counts for.
    """
    from scipy.stats import beta  # takes a third of a second to import

    wins, losses = won + strength * usual, deals - won + strength * (1 - usual)
    (drawn_low, drawn_high), (low, high) = beta.ppf((0.025, 0.975), wins, losses), wilson_interval(won / deals, deals)
    return ShrunkenRate(wins / (wins + losses), min(float(drawn_low), float(low)), max(float(drawn_high), float(high)), usual)
