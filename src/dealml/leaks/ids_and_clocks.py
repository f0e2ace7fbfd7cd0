"""Ids and clocks: features that number entities in the order of time, or name each of them."""

from __future__ import annotations

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
