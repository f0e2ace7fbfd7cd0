"""Shrinkage: rates from few cases, drawn towards the usual rate."""

from __future__ import annotations

from typing import Any

import ibis


def shrunken(successes: Any, trials: Any, usual: float, strength: float = 20.0) -> Any:
    """A rate shrunken towards the usual one: (successes + strength × usual) / (trials + strength).

    This is the posterior mean of a binomial rate under a Beta prior that is worth `strength` cases.
    """
    return (successes + strength * usual) / (trials + ibis.literal(float(strength)))
