"""The company's calendar: the zone that its days begin in, and the month that its fiscal year begins with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property

from dealml.moment_parsing import Moment, parse_moment, to_moment, zone_of
from dealml.period import Period


@dataclass(frozen=True)
class CompanyCalendar:
    """Days, quarters and fiscal years as the company counts them; every moment that it gives is in the company's zone."""

    time_zone: str = "UTC"
    """A name of the IANA database, such as Europe/Warsaw."""
    fiscal_year_starts: int = 1
    """The month that the fiscal year begins with."""

    @cached_property
    def zone(self) -> tzinfo:
        """The zone that days begin in."""
        return zone_of(self.time_zone)

    def local(self, moment: datetime) -> datetime:
        """The same moment in the company's zone."""
        return moment.astimezone(self.zone)

    def now(self) -> datetime:
        """The present moment."""
        return datetime.now(self.zone)

    def today(self) -> datetime:
        """The midnight that today began with."""
        return self.now().replace(hour=0, minute=0, second=0, microsecond=0)

    def read_moment(self, text: str, option: str = "--as-of") -> datetime:
        """The moment that a text names: a date is its midnight here.

        Raises
        ------
        UsageError
            When the text is no ISO 8601 date or time.
        """
        return parse_moment(text, option, self.zone)

    def read_optional_moment(self, text: str | None, option: str = "--as-of") -> datetime | None:
        """As `read_moment`; None for no text."""
        return None if text is None else self.read_moment(text, option)

    def moment(self, value: Moment, name: str = "as_of") -> datetime:
        """A moment from a datetime, a date or ISO 8601 text; without a zone it is here.

        Raises
        ------
        UsageError
            When it is text that is no date, or a value of another type.
        """
        return to_moment(value, name, self.zone)

    def optional_moment(self, value: Moment | None, name: str = "as_of") -> datetime | None:
        """As `moment`; None stays None."""
        return None if value is None else self.moment(value, name)

    def read_period(self, text: str, option: str = "--period") -> Period:
        """A period as a person writes it: 2026, 2026Q1, 2026-01, 2026W03, FY2026 or FY2026Q1.

        Raises
        ------
        UsageError
            When it is none of these.
        """
        return Period.parse(text, option, self.zone, self.fiscal_year_starts)


UTC_CALENDAR = CompanyCalendar()
"""The calendar of a company that has named no zone."""
