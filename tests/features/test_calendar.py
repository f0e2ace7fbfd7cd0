"""Time in days: whole microseconds, in UTC, and the ends of days and quarters."""

from datetime import UTC, datetime

import ibis
import pytest

from dealml.as_of.connection import connect
from dealml.features.calendar import Clock, days_between, end_of_day


def value_of(expression: ibis.expr.types.Value) -> object:
    return connect().execute(expression)


def at(*parts: int) -> ibis.expr.types.TimestampValue:
    return ibis.literal(datetime(*parts, tzinfo=UTC), type="timestamp('UTC')")  # type: ignore[misc,arg-type]


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
    assert value_of(days_between(at(*start), at(*end))) == days


def test_the_end_of_a_day_is_the_first_midnight_at_or_after_a_moment() -> None:
    assert value_of(days_between(at(2025, 5, 1), end_of_day(at(2025, 5, 1)))) == 0
    assert value_of(days_between(at(2025, 5, 1), end_of_day(at(2025, 5, 1, 0, 0, 1)))) == 1


def test_the_quarter_ends_with_its_last_day() -> None:
    assert value_of(Clock(at(2025, 3, 31)).days_to_quarter_end) == 1
    assert value_of(Clock(at(2025, 4, 1)).days_to_quarter_end) == 91
