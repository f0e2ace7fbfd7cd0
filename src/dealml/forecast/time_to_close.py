"""Time to close: when and how each deal ends, by a model of winning and one of losing together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.errors import ModelError
from dealml.forecast.incidence import IncidenceCurves
from dealml.learning.fitted import FittedModel
from dealml.moments import on_the_wall

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

DEALS_A_BATCH = 5_000
QUANTILES = (0.1, 0.5, 0.9)
"""An early, a middle and a late day: by then so large a share of the chances is settled."""


def curves_of(
    table: pd.DataFrame, win: FittedModel, loss: FittedModel | None = None, progress: Callable[[int, int], None] = lambda done, of: None
) -> IncidenceCurves:
    """Won, lost and open over time for every deal of a table of snapshots, batch by batch.

    Parameters
    ----------
    table
        Snapshots with their features, from `View.at_stake`.
    win, loss
        What gives P(won within a horizon), and P(lost within it, if not won by then); without the second, the curves say nothing of losing.

    Raises
    ------
    ModelError
        When the two have no horizon in common.
    """
    horizons = win.horizons if loss is None else tuple(days for days in win.horizons if days in loss.horizons)
    if not horizons:
        raise ModelError(f"{win.name} and {loss.name if loss else ''} have no horizon in common; train both again")
    models = [win] if loss is None else [win, loss]
    predicted = [np.empty((len(table), len(horizons))) for _ in models]
    for start in range(0, len(table), DEALS_A_BATCH):
        part = slice(start, min(start + DEALS_A_BATCH, len(table)))
        for model, probabilities in zip(models, predicted, strict=True):
            probabilities[part] = model.probabilities(table.iloc[part], horizons)
        progress(part.stop, len(table))
    return IncidenceCurves.of(horizons, *predicted)


def leaving_of(table: pd.DataFrame, churn: FittedModel) -> IncidenceCurves:
    """By when each account leaves; nothing else ends it, so past the last horizon it goes on at the pace of the last stretch."""
    left = curves_of(table, churn)
    return replace(left, lost=np.zeros_like(left.won))


@dataclass(frozen=True)
class Closing:
    """When each deal is expected to be closed, won or lost, in days; infinite where it is not expected at all."""

    early: Floats
    middle: Floats
    late: Floats


def closing_of(curves: IncidenceCurves) -> Closing:
    """The median of the day that each deal closes, and the range that holds it with 80 %; infinite without a model of losses."""
    if curves.lost is None:
        return Closing(*(np.full(len(curves.won), np.inf) for _ in QUANTILES))
    return Closing(*(curves.closes_within(share) for share in QUANTILES))


@dataclass(frozen=True)
class CrmCloseDates:
    """The close date that the CRM names, as days ahead until that date is over; nan where there is none."""

    days: Floats

    @property
    def has_date(self) -> Flags:
        """Whether there is one."""
        return np.isfinite(self.days)

    @property
    def passed(self) -> Flags:
        """Whether it is over: an open deal has slipped then."""
        return self.has_date & (self.days <= 0)


def crm_dates(table: pd.DataFrame, ends_in_days: str) -> CrmCloseDates:
    """The CRM's close dates of a table of snapshots.

    Parameters
    ----------
    ends_in_days
        The feature with the days until the expected close; a date counts until its end.
    """
    if ends_in_days not in table:
        return CrmCloseDates(np.full(len(table), np.nan))
    ahead = table[ends_in_days].to_numpy(dtype=np.float64, na_value=np.nan)
    # The clock on the wall counts from a midnight, so whole days since then are dates.
    shown = on_the_wall(table["as_of"]).to_numpy(dtype="datetime64[us]")
    now = shown.astype("int64") / (timedelta(days=1) / timedelta(microseconds=1))
    # A moment that is read back from days is off by less than a microsecond of a day: midnight must not become the day before.
    return CrmCloseDates(np.floor(now + ahead + 1e-6) + 1 - now)


def slip_chances(curves: IncidenceCurves, dates: CrmCloseDates) -> Floats:
    """The probability that each deal is still open when its CRM close date ends: 1 where that has passed, nan where there is none.

    Without a model of losses it is the probability of not being won by then.
    """
    waiting = curves.open_at(np.where(dates.has_date, dates.days, 0.0))
    return np.where(dates.has_date, np.where(dates.passed, 1.0, waiting), np.nan)
