"""Ids and clocks: features that number entities in the order of time, name each of them, or tell the date by their mean.

Of the last a learner takes the time of its rows, and copies what was usual then to rows of other times: no leak, but a warning.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from scipy.stats import rankdata

from dealml.leaks.binning import BinnedColumn, Floats, Ints
from dealml.leaks.findings import Finding
from dealml.leaks.inspection_sample import InspectionSample

MAX_RANK_CORRELATION = 0.98
"""Rank correlation with time from which a number is a clock."""
LIMIT_UNIQUE = 0.9
"""Different texts per entity from which a text is a name."""
MIN_ENTITIES = 50
"""Fewer entities, and order is chance."""
LEAST_VALUES = 20

LIMIT_SHARE = 0.1
"""The share of a feature's variance that lies between moments from which it follows the calendar: ages in a young history have 0.06,
a lift against a wrong level 0.2, the days until a quarter ends 1."""
MIN_OPEN, LEAST_SHARE = 20, 0.1
"""What a moment must have open to count, and as a share of the fullest one: so weekly snapshots count, others hardly."""
MIN_MOMENTS = 8
"""Fewer, and one month's mix of deals looks like the calendar."""


def orders_time(material: InspectionSample, column: BinnedColumn, never_changes: bool) -> Finding | None:
    """A finding, if a feature is an id or a clock."""
    if column.texts is not None:
        return _names(material, column.name, column.texts)
    if column.numbers is None or not material.dated:
        return None
    return (_numbers_entities if never_changes else _tells_the_date)(material, column, column.numbers)


def _names(material: InspectionSample, name: str, texts: Ints) -> Finding | None:
    present = texts[material.first_row][texts[material.first_row] >= 0]
    different = len(np.unique(present))
    if len(present) < MIN_ENTITIES or different < LIMIT_UNIQUE * len(present):
        return None
    reason = f"it names entities: {different:,} different texts for {len(present):,} of them"
    return Finding(name, "order", reason, {"unique": different / len(present)})


def _numbers_entities(material: InspectionSample, column: BinnedColumn, numbers: Floats) -> Finding | None:
    follows = _rank_correlation(numbers[material.first_row], material.since[material.first_row])
    if abs(follows) < MAX_RANK_CORRELATION:
        return None
    reason = f"it numbers entities in the order in which they came (rank correlation {follows:.3f}; the limit is {MAX_RANK_CORRELATION})"
    return Finding(column.name, "order", reason, {"rank_correlation": follows})


def _tells_the_date(material: InspectionSample, column: BinnedColumn, numbers: Floats) -> Finding | None:
    sample = material.sample
    follows = _rank_correlation(numbers[sample], material.as_of[sample])
    if abs(follows) < MAX_RANK_CORRELATION:
        return None
    reason = f"it tells the date of the snapshot (rank correlation {follows:.3f}; the limit is {MAX_RANK_CORRELATION})"
    return Finding(column.name, "order", reason, {"rank_correlation": follows})


def _rank_correlation(values: Floats, moments: Floats) -> float:
    present = ~np.isnan(values)
    if present.sum() < MIN_ENTITIES or len(np.unique(values[present])) < LEAST_VALUES or np.ptp(moments[present]) == 0:
        return 0.0
    return float(np.corrcoef(rankdata(values[present]), rankdata(moments[present]))[0, 1])


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
        if share < LIMIT_SHARE:
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
