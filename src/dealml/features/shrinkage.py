"""Shrinkage: rates from few cases, drawn towards the usual rate."""

from __future__ import annotations

from typing import Any

import ibis


def shrunken(successes: Any, trials: Any, usual: float, strength: float = 20.0) -> Any:
    """A rate shrunken towards the usual one: (successes + strength × usual) / (trials + strength).

    This is the posterior mean of a binomial rate under a Beta prior that is worth `strength` cases.
    """
    return (successes + strength * usual) / (trials + ibis.literal(float(strength)))


def lift(hits: Any, cases: Any, all_hits: Any, all_cases: Any) -> Any:
    """Hits of a kind above what the rate of the whole company gives, as a shrunken share of its cases.

    Parameters
    ----------
    hits, cases
        Of the kind.
    all_hits, all_cases
        Of the whole company, as of the same moment.
    """
    expected = cases * all_hits / all_cases.nullif(0)
    return shrunken(hits - expected, cases, usual=0.0)
