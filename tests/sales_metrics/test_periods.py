"""Periods one after the other: whole months stay whole months, others keep their days."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealml.sales_metrics import Period, before, run_up


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "until", "start"),
    [
        ("2025-10-01", "2026-01-01", "2025-07-01"),
        ("2025-01-01", "2025-04-01", "2024-10-01"),
        ("2024-03-01", "2024-04-01", "2024-02-01"),
        ("2024-01-01", "2025-01-01", "2023-01-01"),
        ("2025-10-02", "2025-10-09", "2025-09-25"),
        ("2025-10-01", "2025-12-31", "2025-07-02"),
        ("2025-10-01T12:00", "2025-11-01", "2025-08-31T12:00"),
    ],
)
def test_the_period_before(since: str, until: str, start: str) -> None:
    first = at(since)
    found = before(Period(first, at(until)))
    assert found.until == first
    if "T" not in start:
        assert found.since == at(start)
    else:
        assert found.until - found.since == at(until) - first


@given(st.integers(2000, 2100), st.integers(1, 12), st.integers(1, 24), st.integers(1, 12))
def test_whole_months_follow_each_other(year: int, month: int, months: int, count: int) -> None:
    place = year * 12 + month - 1 + months
    periods = run_up(Period(datetime(year, month, 1, tzinfo=UTC), datetime(place // 12, place % 12 + 1, 1, tzinfo=UTC)), count)
    assert len(periods) == count
    for earlier, later in pairwise(periods):
        assert earlier.until == later.since
    for period in periods:
        assert period.since.day == period.until.day == 1
        assert (period.until.year - period.since.year) * 12 + period.until.month - period.since.month == months
