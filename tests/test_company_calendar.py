"""The company's calendar: its midnights, dates and fiscal years; in UTC where it names no zone."""

from datetime import UTC, date, datetime

import pytest

from dealml.company_calendar import UTC_CALENDAR, CompanyCalendar
from dealml.errors import UsageError

WARSAW = CompanyCalendar("Europe/Warsaw", fiscal_year_starts=4)


def test_a_date_is_a_midnight_there_and_is_shown_as_that_date() -> None:
    at = WARSAW.read_moment("2026-01-05")
    assert at == datetime(2026, 1, 4, 23, tzinfo=UTC)
    assert (f"{at:%Y-%m-%d %H:%M %Z}", at.date()) == ("2026-01-05 00:00 CET", date(2026, 1, 5))


def test_a_moment_is_told_in_the_zone() -> None:
    late = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    assert WARSAW.local(late) == late
    assert (WARSAW.local(late).date(), UTC_CALENDAR.local(late).date()) == (date(2026, 7, 1), date(2026, 6, 30))


def test_values_of_python_are_there_too() -> None:
    assert WARSAW.moment(date(2026, 7, 1)) == WARSAW.moment("2026-07-01") == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert WARSAW.moment(datetime(2026, 7, 1, tzinfo=UTC)) == datetime(2026, 7, 1, tzinfo=UTC)
    assert WARSAW.optional_moment(None) is WARSAW.read_optional_moment(None) is None


def test_a_period_begins_at_a_midnight_there() -> None:
    fiscal = WARSAW.read_period("FY2026Q1")
    assert (fiscal.start, fiscal.end) == (WARSAW.read_moment("2025-04-01"), WARSAW.read_moment("2025-07-01"))
    assert WARSAW.read_period("2026Q1").start == WARSAW.read_moment("2026-01-01")


def test_a_text_that_is_no_date() -> None:
    with pytest.raises(UsageError, match="--to: 'soon' is no date"):
        WARSAW.read_moment("soon", "--to")


def test_today_is_a_midnight_that_has_begun() -> None:
    today, now = WARSAW.today(), WARSAW.now()
    assert (today.hour, today.minute, today.second, today.date()) == (0, 0, 0, now.date())
