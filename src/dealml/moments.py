"""Moments as NumPy and pandas hold them, and the calendar of the zone that they are in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd


def as_utc64(moment: datetime) -> np.datetime64:
    """A moment with a time zone as a datetime64 in UTC, in microseconds."""
    return np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us")


def on_the_wall(moments: pd.Series) -> pd.Series:
    """What a clock in the zone of the moments shows: the same without a zone."""
    shown: pd.Series = moments.dt.tz_localize(None)
    return shown


def end_of_day(moments: pd.Series) -> pd.Series:
    """When each moment's day is over in its zone: until then a date has not passed."""
    ends = on_the_wall(moments).dt.floor("D") + pd.Timedelta(days=1)
    # A midnight that the clock skips is the moment of the jump, one that it repeats the later.
    localized: pd.Series = ends.dt.tz_localize(moments.dt.tz, ambiguous=np.zeros(len(ends), dtype=bool), nonexistent="shift_forward")
    return localized


def date_after(moment: datetime, days: float) -> date | None:
    """The date that lies a number of days after a moment, by the calendar of its zone; None where no calendar has it."""
    try:
        return (moment.replace(tzinfo=None) + timedelta(days=days)).date()
    except (OverflowError, ValueError):
        return None
