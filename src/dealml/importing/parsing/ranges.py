"""Ranges: which times, amounts and rates an extract may hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pandas as pd

EARLIEST = pd.Timestamp("1950-01-01", tz="UTC")
"""No clock of a fact, and no planned date, lies before."""
TOLERANCE = pd.Timedelta(minutes=5)
"""How far the clocks of two systems may differ."""
AHEAD = pd.DateOffset(years=30)
"""How far ahead a date may be planned."""
PLANNED_TABLES = frozenset({"activities", "costs", "offers", "quotas", "subscriptions"})
"""Tables whose facts may be planned: they occur after they are recorded."""
AFTER_EXTRACT = "after_extract"
"""The kind of a fact that was recorded, or occurred, after its extract was taken."""

Problems = Iterator[tuple[pd.Series, str]]


def clock_problems(clock: str, table: str, times: pd.Series, extracted_at: datetime) -> Iterator[tuple[pd.Series, str, str]]:
    """The rows whose clock is out of range, with the reason and its kind.

    Parameters
    ----------
    clock
        `occurred_at` or `recorded_at`.
    table
        The fact table that the rows feed.
    """
    yield times < EARLIEST, "lies before 1950", "time_out_of_range"
    taken = pd.Timestamp(extracted_at)
    if clock == "occurred_at" and table in PLANNED_TABLES:
        yield times > taken + AHEAD, "lies more than 30 years ahead", "time_out_of_range"
    else:
        yield times > taken + TOLERANCE, f"lies after the extract was taken ({extracted_at:%Y-%m-%dT%H:%M}Z)", AFTER_EXTRACT


def far_dates(times: pd.Series, extracted_at: datetime) -> pd.Series:
    """Which planned dates are so far away that they stand for no date."""
    return (times < EARLIEST) | (times > pd.Timestamp(extracted_at) + AHEAD)


def number_problems(table: str, column: str, values: pd.Series, may_be_negative: bool) -> Problems:
    """The rows whose number is out of range, with the reason."""
    if table == "rates" and column == "rate":
        yield values <= 0, "a rate is greater than 0"
    if table in ("deals", "deal_changes") and column == "amount" and not may_be_negative:
        yield values < 0, "a deal's amount is negative; if it may be, say so with negative: true"
