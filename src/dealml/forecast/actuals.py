"""Actuals: the wins of a period as known at a moment. No other module computes them.

A deal counts in the period in which it went on record as won, at its amount as known then and the rate known then, unless it was
reopened, lost again or deleted by the moment, or by the period's end where that came first. So what a period came to is settled at its end.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.moments import as_utc64
from dealml.period import Period


def won_within(wins: pd.DataFrame, start: datetime, end: datetime, as_of: datetime) -> pd.DataFrame:
    """The wins from `start` on and before `end` that stood at `as_of`, a row for each deal.

    Parameters
    ----------
    wins
        `Record.wins`.
    """
    won_at, known_at, undone_at = (wins[name].to_numpy(dtype="datetime64[us]") for name in ("won_at", "known_at", "undone_at"))
    until = as_utc64(min(end, as_of))
    stands = np.isnat(undone_at) | (undone_at >= until)
    counted: pd.DataFrame = wins[(won_at >= as_utc64(start)) & (known_at < until) & stands]
    return counted


def won_in(wins: pd.DataFrame, period: Period, as_of: datetime) -> pd.DataFrame:
    """The wins that count in a period as known at a moment."""
    return won_within(wins, period.start, period.end, as_of)


def total(wins: pd.DataFrame) -> float:
    """The sum of the wins' amounts; a win without an amount on record counts as 0."""
    money: npt.NDArray[np.float64] = wins["money"].to_numpy(dtype=np.float64)
    return float(np.nansum(money))
