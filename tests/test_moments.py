"""Moments of any time zone: in UTC in an array, and the days of their own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from dealml.moments import as_utc64, date_after, end_of_day, on_the_wall


def test_a_moment_of_another_zone_is_moved_to_utc() -> None:
    moment = datetime(2026, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert as_utc64(moment) == np.datetime64("2025-12-31T23:30:00", "us")


def test_microseconds_stay() -> None:
    assert as_utc64(datetime(2026, 1, 1, microsecond=1, tzinfo=UTC)) == np.datetime64("2026-01-01T00:00:00.000001", "us")


WARSAW = "Europe/Warsaw"


def test_a_day_ends_at_the_midnight_of_its_zone_also_when_the_clock_changes() -> None:
    moments = pd.Series(pd.to_datetime(["2026-03-29 00:00", "2026-03-29 23:59", None]).tz_localize(WARSAW))
    ends = end_of_day(moments)
    assert ends[0] == ends[1] == pd.Timestamp("2026-03-29 22:00", tz="UTC")
    assert pd.isna(ends[2])


def test_a_midnight_that_the_clock_skips_is_the_jump() -> None:
    ends = end_of_day(pd.Series([pd.Timestamp("2026-04-23 12:00", tz="Africa/Cairo")]))
    assert ends[0] == pd.Timestamp("2026-04-24 01:00", tz="Africa/Cairo")


def test_a_date_after_days_goes_by_the_calendar() -> None:
    summer = datetime(2026, 7, 1, tzinfo=ZoneInfo(WARSAW))
    assert date_after(summer, 184) == date(2027, 1, 1)
    assert date_after(summer, 1e9) is None


def test_the_wall_shows_no_zone() -> None:
    assert on_the_wall(pd.Series([pd.Timestamp("2026-07-01", tz=WARSAW)]))[0] == pd.Timestamp("2026-07-01")
