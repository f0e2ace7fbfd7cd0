"""The chance of each open deal to be won in a period."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import numpy.typing as npt

from dealml.forecast.incidence import Curves
from dealml.period import Period

Floats = npt.NDArray[np.float64]


def chance_in(curves: Curves, moment: datetime, period: Period) -> Floats:
    """The probability of each deal, seen from a moment, to be won in a period.

    By the period's end; where it has not begun yet, less that of being won before it begins. 0 where it is over.
    """
    by_end = curves.won_by(period.days_from(moment))
    if moment >= period.start:
        return by_end
    return np.asarray(by_end - curves.won_by((period.start - moment).total_seconds() / 86_400))
