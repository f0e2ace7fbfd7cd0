"""Features that follow the calendar: how they stand on average, over all that is open, tells the date. No leak, but a warning.

A learner takes such a feature for the time of its rows, and copies what was usual then to rows of other times.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from dealml.leaks.binning import BinnedColumn, Floats, Ints
from dealml.leaks.findings import Finding
from dealml.leaks.inspection_sample import InspectionSample

LIMIT = 0.1
"""The share of a feature's variance that lies between moments from which it follows the calendar: ages in a young history have 0.06,
a lift against a wrong level 0.2, the days until a quarter ends 1."""
MIN_OPEN, LEAST_SHARE = 20, 0.1
"""What a moment must have open to count, and as a share of the fullest one: so weekly snapshots count, others hardly."""
MIN_MOMENTS = 8
"""Fewer, and one month's mix of deals looks like the calendar."""


class CalendarSearch:
    """Looks for features whose mean over what is open follows the calendar."""

    def __init__(self, material: InspectionSample) -> None:
        self._material = material

    @cached_property
    def _weekly(self) -> tuple[Ints, Ints]:
        """The rows of full moments, and the number of each one's moment."""
        moments, moment, count = np.unique(self._material.as_of, return_inverse=True, return_counts=True)
        full = count >= max(MIN_OPEN, LEAST_SHARE * float(count.max(initial=0)))
        rows = np.flatnonzero(full[moment])
        return rows, np.cumsum(full)[moment[rows]] - 1

    def finding(self, column: BinnedColumn) -> Finding | None:
        """A finding, if a number's mean goes with the date; nothing of a source without dates."""
        if column.numbers is None or not self._material.dated:
            return None
        rows, moment = self._weekly
        values = column.numbers[rows]
        present = np.isfinite(values)
        share = share_between(values[present], moment[present])
        if share < LIMIT:
            return None
        reason = f"its mean over what is open follows the calendar: {share:.0%} of its variance lies between dates"
        return Finding(column.name, "calendar", reason, {"share": share})


def share_between(values: Floats, moment: Ints) -> float:
    """The share of a variance that lies between moments, less what chance puts there; 0 where they are too few to say.

    Adjusted eta squared, also called epsilon squared: Kelley (1935), PNAS 21.
    """
    numbers, moment, count = np.unique(moment, return_inverse=True, return_counts=True)
    whole = float(((values - values.mean()) ** 2).sum()) if len(values) else 0.0
    if len(numbers) < MIN_MOMENTS or whole <= 0.0 or len(values) <= len(numbers):
        return 0.0
    means = np.bincount(moment, values) / count
    within = float(((values - means[moment]) ** 2).sum())
    return max(0.0, 1.0 - (within / (len(values) - len(numbers))) / (whole / (len(values) - 1)))
