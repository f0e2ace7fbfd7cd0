"""What of the recurring revenue is at risk, by the month in which it comes up for renewal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from dealml.forecast.incidence import IncidenceCurves
from dealml.period import Period

MONTHS = 12
"""Months ahead that are looked at, the moment's own the first."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class RenewalMonth:
    """The active accounts whose next term ends in a month; money in hundredths of the project's currency."""

    month: Period
    accounts: int
    arr: int
    """Their annual recurring revenue."""
    expected_lost: int
    """Of it what is expected to be lost: each account's revenue times its chance of having left by the month's end."""
    unpriced: int
    """Accounts among them whose revenue, or its exchange rate, is not known: they count nothing."""


def renewal_months(moment: datetime, days: Floats, arr: Floats, curves: IncidenceCurves) -> tuple[RenewalMonth, ...]:
    """The months in which terms end, in order; one in which none does is left out.

    Parameters
    ----------
    days
        Of each active account, how many days after the moment its next term ends; nan where that is not known.
    arr
        Its annual recurring revenue in the project's currency; nan where that is not known.
    curves
        By when it leaves.
    """
    due_months, month = [], Period.around(moment, "month")
    for _ in range(MONTHS):
        starts, ends = (month.start - moment).total_seconds() / 86_400, month.days_from(moment)
        due = (days >= max(starts, 0.0)) & (days < ends)
        if due.any():
            cents = np.rint(np.nan_to_num(arr[due]) * 100).astype(np.int64)
            lost = np.rint(np.nan_to_num(arr[due]) * curves.won_by(ends)[due] * 100).astype(np.int64)
            due_months.append(RenewalMonth(month, int(due.sum()), int(cents.sum()), int(lost.sum()), int(np.isnan(arr[due]).sum())))
        month = month.next
    return tuple(due_months)
