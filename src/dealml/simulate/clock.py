"""The simulated calendar: three years of working weeks, and how late things get recorded.

Deals move on working days only. Every snapshot of the truth is a Monday
00:00 UTC, so that a horizon in days is always the same number of steps.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Times = npt.NDArray[Any]
"""Moments in UTC, as `datetime64[s]`."""
Spans = npt.NDArray[Any]
"""Lengths of time, as `timedelta64[s]`."""

START = np.datetime64("2023-01-02T00:00:00", "s")
END = np.datetime64("2026-01-05T00:00:00", "s")
WEEKS = 157
WORKDAYS = 5 * WEEKS

_DAY = np.timedelta64(86_400, "s")
_OPENING, _CLOSING = 8 * 3600, 18 * 3600


def workday_start(day: Array) -> Times:
    """Midnight (UTC) at which working day `day` begins; day 0 is the Monday of `START`."""
    return np.asarray(START + (day // 5 * 7 + day % 5) * _DAY)


def workday_of(moment: Times) -> Array:
    """The working day of each moment; a weekend counts as its Friday."""
    day = (moment - START) // _DAY
    return np.asarray(day // 7 * 5 + np.minimum(day % 7, 4))


def week_start(week: Array) -> Times:
    """Monday 00:00 UTC of week `week`; negative weeks lie before the simulated years."""
    return np.asarray(START + week * (7 * _DAY))


def working_moment(rng: np.random.Generator, day: Array) -> Times:
    """A moment within office hours of each working day."""
    return workday_start(day) + seconds(rng.integers(_OPENING, _CLOSING, len(day)))


def office_hours(rng: np.random.Generator, moment: Times) -> Times:
    """The same days within office hours; what falls on a weekend moves back to Friday."""
    day = (moment - START) // _DAY
    weekend = np.maximum(day % 7 - 4, 0)
    return START + (day - weekend) * _DAY + seconds(rng.integers(_OPENING, _CLOSING, len(day)))


def workdays_within(horizon: int) -> int:
    """Working days in the `horizon` days that follow a Monday 00:00."""
    return 5 * (horizon // 7) + min(horizon % 7, 5)


def seconds(count: Array) -> Spans:
    """Whole seconds as a time span."""
    return np.asarray(count).astype("int64").astype("timedelta64[s]")


def days(count: Array) -> Spans:
    """Days, also broken ones, as a time span of whole seconds."""
    return seconds(np.asarray(count) * 86_400)


def delay(rng: np.random.Generator, count: int, late: float = 0.06) -> Spans:
    """How long facts wait to be recorded: mostly an hour or two; a share `late` waits one to eight days."""
    prompt = rng.gamma(2.0, 0.75, count) / 24
    slow = rng.uniform(1.0, 8.0, count)
    return days(np.where(rng.random(count) < late, slow, prompt))


def same_day_delay(rng: np.random.Generator, count: int) -> Spans:
    """A delay under six hours: what happens in office hours is recorded before midnight."""
    return seconds(rng.integers(60, 6 * 3600 - 60, count))
