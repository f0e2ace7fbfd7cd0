"""Which values never change in an entity's life: what was filled in afterwards is seen by every snapshot alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dealml.leaks.binning import BinnedColumn, Floats, numbers_column
from dealml.leaks.weekly_panel import WeeklyPanel

MOST_CHANGES = 0.002
"""A value that changes in a smaller share of steps from week to week counts as steady."""
AN_HOUR = 0.05
"""Days by which a date may move: a clock's change to summer time."""


@dataclass(frozen=True)
class ComparableFeature:
    """A feature as the searches compare it."""

    column: BinnedColumn
    """Days until or since a date are turned into the date, counted from when the entity came into play."""
    never_changes: bool


def as_comparable(column: BinnedColumn, looks: WeeklyPanel, age: Floats) -> ComparableFeature:
    """Tell whether a feature never changes, or is the distance to a date that never does.

    Parameters
    ----------
    age
        Days since the entity came into play, of each row of the table.
    """
    if column.numbers is None:
        return ComparableFeature(column, _changes(column.codes[looks.row].astype(np.float64), looks, 0.0) <= MOST_CHANGES)
    if _changes(column.numbers[looks.row], looks, 0.0) <= MOST_CHANGES:
        return ComparableFeature(column, True)
    for sign in (1.0, -1.0):
        date = column.numbers + sign * age
        if _changes(date[looks.row], looks, AN_HOUR) <= MOST_CHANGES:
            return ComparableFeature(numbers_column(column.name, np.round(date, 2)), True)
    return ComparableFeature(column, False)


def _changes(values: Floats, looks: WeeklyPanel, tolerance: float) -> float:
    """The share of steps from one look to the entity's next in which a value changes."""
    step = looks.entity[1:] == looks.entity[:-1]
    before, after = values[:-1][step], values[1:][step]
    same = (np.abs(before - after) <= tolerance) | (np.isnan(before) & np.isnan(after))
    return 1 - float(same.mean()) if len(same) else 0.0
