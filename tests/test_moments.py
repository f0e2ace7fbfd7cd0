"""Moments of any time zone are UTC in an array."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np

from dealml.moments import as_utc64


def test_a_moment_of_another_zone_is_moved_to_utc() -> None:
    moment = datetime(2026, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert as_utc64(moment) == np.datetime64("2025-12-31T23:30:00", "us")


def test_microseconds_stay() -> None:
    assert as_utc64(datetime(2026, 1, 1, microsecond=1, tzinfo=UTC)) == np.datetime64("2026-01-01T00:00:00.000001", "us")
