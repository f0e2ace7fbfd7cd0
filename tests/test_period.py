"""Periods of the calendar, and spans that follow each other."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealml.errors import UsageError
from dealml.period import Period, periods_between, trailing_periods


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", at(2026, 1, 1), at(2027, 1, 1)),
        ("2026Q1", at(2026, 1, 1), at(2026, 4, 1)),
        ("2026-Q4", at(2026, 10, 1), at(2027, 1, 1)),
        ("2025-12", at(2025, 12, 1), at(2026, 1, 1)),
        ("2026W01", at(2025, 12, 29), at(2026, 1, 5)),
        ("2026w53", at(2026, 12, 28), at(2027, 1, 4)),
    ],
)
def test_a_period_is_read_as_people_write_it(text: str, start: datetime, end: datetime) -> None:
    period = Period.parse(text)
    assert (period.start, period.end) == (start, end)
    assert Period.parse(period.name) == period


@pytest.mark.parametrize("text", ["2026Q5", "2026-13", "2025W53", "next quarter", "", "0000"])
def test_what_is_no_period_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(UsageError, match=r"--period: .* is no period; write it as 2026, 2026Q1, 2026-01 or 2026W03"):
        Period.parse(text)


@pytest.mark.parametrize("kind", ["year", "quarter", "month", "week"])
def test_periods_follow_each_other_without_a_gap(kind: str) -> None:
    period = Period.around(at(2026, 2, 28), kind)  # type: ignore[arg-type]
    assert period.next.start == period.end
    assert period.previous.end == period.start
    assert period.next.previous == period
    assert period.holds(period.start)
    assert not period.holds(period.end)


def test_only_whole_periods_lie_between() -> None:
    found = [period.name for period in periods_between(at(2025, 1, 2), at(2025, 12, 31), "quarter")]
    assert found == ["2025Q2", "2025Q3"]


def test_days_are_counted_to_the_end() -> None:
    assert Period.parse("2026Q1").days_from(at(2026, 3, 31, 12)) == 0.5
    assert Period.parse("2026Q1").days_from(at(2026, 4, 3)) == -2


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "previous"),
    [
        ("2025-10-01", "2026-01-01", "2025-07-01"),
        ("2025-01-01", "2025-04-01", "2024-10-01"),
        ("2024-03-01", "2024-04-01", "2024-02-01"),
        ("2024-01-01", "2025-01-01", "2023-01-01"),
        ("2025-10-02", "2025-10-09", "2025-09-25"),
        ("2025-10-01", "2025-12-31", "2025-07-02"),
        ("2025-10-01T12:00", "2025-11-01", "2025-09-01"),
    ],
)
def test_the_span_before_is_as_long(start: str, end: str, previous: str) -> None:
    span = Period(moment(start), moment(end))
    assert span.previous == Period(moment(previous), moment(start))
    if start[-2:] == end[-2:] == "01":
        assert span.previous.next == span


def test_a_span_is_named_by_its_ends() -> None:
    span = Period(at(2026, 1, 1), at(2026, 2, 15))
    assert span.name == "2026-01-01/2026-02-15"
    assert span.days == 45


@given(st.integers(2000, 2100), st.integers(1, 12), st.integers(1, 24), st.integers(1, 12))
def test_whole_months_follow_each_other(year: int, month: int, months: int, count: int) -> None:
    after = year * 12 + month - 1 + months
    periods = trailing_periods(Period(at(year, month, 1), at(after // 12, after % 12 + 1, 1)), count)
    assert len(periods) == count
    for earlier, later in pairwise(periods):
        assert earlier.end == later.start
    for period in periods:
        assert period.start.day == period.end.day == 1
        assert (period.end.year - period.start.year) * 12 + period.end.month - period.start.month == months


def test_a_fiscal_year_is_named_after_the_year_that_it_ends_in() -> None:
    """With April, FY2026 begins in April 2025; with January it is the calendar year."""
    year, quarter = (Period.parse(text, fiscal_year_starts=4) for text in ("FY2026", "FY2026Q4"))
    assert (year.start, year.end) == (at(2025, 4, 1), at(2026, 4, 1))
    assert (quarter.start, quarter.end, quarter.next.name) == (at(2026, 1, 1), at(2026, 4, 1), "FY2027Q1")
    assert Period.parse("FY2026", fiscal_year_starts=1) == Period.parse("2026")
    assert Period.parse("2026Q1", fiscal_year_starts=4) == Period.parse("2026Q1")


@pytest.mark.parametrize("first", range(1, 13))
def test_fiscal_names_are_read_again(first: int) -> None:
    """Of every first month, over the end of a year."""
    for period in trailing_periods(Period.parse("FY2026Q2", fiscal_year_starts=first), 9):
        again = Period.parse(period.name, fiscal_year_starts=first)
        assert (again, again.name) == (period, period.name)


@pytest.mark.parametrize("text", ["FY2026-01", "FY2026W03", "FY2026Q5", "FY"])
def test_a_fiscal_period_is_a_year_or_a_quarter(text: str) -> None:
    """Other forms are refused in one line that names the forms."""
    with pytest.raises(UsageError, match="write it as 2026, 2026Q1, 2026-01, 2026W03, FY2026 or FY2026Q1"):
        Period.parse(text, fiscal_year_starts=4)


@pytest.mark.parametrize("name", ["Europe/Warsaw", "America/New_York", "Asia/Kolkata"])
def test_periods_begin_at_midnight_of_their_zone(name: str) -> None:
    """Also where the clock changes within them; a name is read again."""
    zone = ZoneInfo(name)
    for text in ("2026Q1", "2026W13", "2026-10", "2026"):
        for period in trailing_periods(Period.parse(text, zone=zone), 5):
            assert {(edge.hour, edge.minute, edge.tzinfo) for edge in (period.start, period.end)} == {(0, 0, zone)}
            assert Period.parse(period.name, zone=zone) == period == Period.around(period.start, period.kind or "year")
    assert Period.parse("2026-03", zone=ZoneInfo("Europe/Warsaw")).days == 31 - 1 / 24
