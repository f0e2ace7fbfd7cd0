"""What was won in a period, as known at a moment: the one place that says it.

A deal counts in the period in which it went on record as won, at its amount as known then and the rate known then, unless it was
reopened or lost again by the moment, or by the period's end where that came first. So what a period came to is settled at its end.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.period import Period


def won_within(wins: pd.DataFrame, start: datetime, end: datetime, as_of: datetime) -> pd.DataFrame:
    """The wins from `start` on and before `end` that stood at `as_of`, a row for each deal.

    Parameters
    ----------
    wins
        `Record.wins`.
    """
    until, won_at, undone_at = _plain(min(end, as_of)), _moments(wins["won_at"]), _moments(wins["undone_at"])
    stands = np.isnat(undone_at) | (undone_at >= until)
    return wins[(won_at >= _plain(start)) & (won_at < until) & stands]


def won_in(wins: pd.DataFrame, period: Period, as_of: datetime) -> pd.DataFrame:
    """The wins that count in a period as known at a moment."""
    return won_within(wins, period.start, period.end, as_of)


def total(wins: pd.DataFrame) -> float:
    """Their money; what has none on record counts as nothing."""
    money: npt.NDArray[np.float64] = wins["money"].to_numpy(dtype=np.float64)
    return float(np.nansum(money))


def _moments(column: pd.Series) -> npt.NDArray[np.datetime64]:
    return np.asarray(column.dt.tz_convert(None).to_numpy(), dtype="datetime64[us]")


def _plain(moment: datetime) -> np.datetime64:
    return np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us")
