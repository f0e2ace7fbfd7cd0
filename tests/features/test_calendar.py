"""Time in days: whole microseconds, dates by the calendar of the company's zone, and the ends of days and quarters."""

from datetime import UTC, datetime

import ibis
import pytest

from dealml.as_of.connection import QuerySettings, connect
from dealml.features.calendar import Clock, days_between, end_of_day


def value_of(expression: ibis.expr.types.Value, zone: str = "UTC") -> object:
    return connect(QuerySettings(time_zone=zone)).execute(expression)


def at(*parts: int) -> ibis.expr.types.TimestampValue:
    return ibis.literal(datetime(*parts, tzinfo=UTC), type="timestamp('UTC')")  # type: ignore[misc,arg-type]


def between(start: ibis.expr.types.TimestampValue, end: ibis.expr.types.TimestampValue) -> ibis.expr.types.Value:
    return days_between(start, end, fact=end)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ((2025, 1, 1), (2025, 1, 3), 2.0),
        ((2025, 1, 1, 23), (2025, 1, 2, 1), 2 / 24),
        ((2025, 3, 29), (2025, 3, 31), 2.0),
        ((2025, 1, 3), (2025, 1, 1), -2.0),
    ],
    ids=["days", "two hours over midnight", "over a change of clocks", "backwards"],
)
def test_days_between(start: tuple[int, ...], end: tuple[int, ...], days: float) -> None:
    assert value_of(between(at(*start), at(*end))) == days


def test_the_end_of_a_day_is_the_first_midnight_at_or_after_a_moment() -> None:
    assert value_of(between(at(2025, 5, 1), end_of_day(at(2025, 5, 1)))) == 0
    assert value_of(between(at(2025, 5, 1), end_of_day(at(2025, 5, 1, 0, 0, 1)))) == 1


def test_the_quarter_ends_with_its_last_day() -> None:
    assert value_of(Clock(at(2025, 3, 31)).days_to_quarter_end) == 1
    assert value_of(Clock(at(2025, 4, 1)).days_to_quarter_end) == 91


WARSAW = "Europe/Warsaw"


@pytest.mark.parametrize(
    ("end", "days"),
    [((2026, 3, 29, 22), 2.0), ((2026, 3, 29, 21, 59), 47 / 24 - 1 / 1440), ((2026, 10, 25, 23), 212.0)],
    ids=["a date", "a moment", "a date over both changes"],
)
def test_where_the_clock_changes_dates_are_counted_and_moments_are_hours(end: tuple[int, ...], days: float) -> None:
    """From 28 March 2026, midnight in Warsaw: 29 March has 23 hours there."""
    assert value_of(between(at(2026, 3, 27, 23), at(*end)), WARSAW) == pytest.approx(days, abs=1e-12)


def test_the_moment_of_a_snapshot_is_no_date() -> None:
    """Only the fact says what is counted: a call at noon is hours before a midnight."""
    start, midnight = at(2026, 3, 28, 11), at(2026, 3, 29, 22)
    assert value_of(days_between(start, midnight, fact=start), WARSAW) == 35 / 24


def test_days_and_quarters_end_at_midnights_of_the_zone() -> None:
    assert value_of(end_of_day(at(2026, 3, 29, 12)).cast("string"), WARSAW) == "2026-03-30 00:00:00+02"
    assert value_of(Clock(at(2026, 3, 30, 22)).days_to_quarter_end, WARSAW) == 1
    assert value_of(Clock(at(2026, 3, 1, 23)).days_to_quarter_end, WARSAW) == 30
