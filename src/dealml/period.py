"""Periods: a year, a quarter, a month or an ISO week from midnight to midnight in a zone, or any other span of time.

A year and a quarter are of the calendar, or of the fiscal year (FY2026 is the one that ends in 2026).

`pandas.Period` is not used: it does not read or write ISO weeks by name, drops the time zone, and ends in 2262.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal

from dealml.errors import UsageError

Kind = Literal["year", "quarter", "month", "week"]

_FORMS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"(\d{4})"), "year"),
    (re.compile(r"(\d{4})-?Q([1-4])"), "quarter"),
    (re.compile(r"(\d{4})-(\d{2})"), "month"),
    (re.compile(r"(\d{4})-?W(\d{2})"), "week"),
)


@dataclass(frozen=True, order=True)
class Period:
    """A span of time: `start <= moment < end`."""

    start: datetime
    end: datetime
    kind: Kind | None = None
    """None for a span that was given by its two ends."""
    fiscal_year_starts: int = field(default=0, compare=False)
    """The month that its fiscal year begins with; 0 for a period of the calendar."""

    @classmethod
    def parse(cls, text: str, option: str = "--period", zone: tzinfo = UTC, fiscal_year_starts: int | None = None) -> Period:
        """A period as a person writes it: 2026, 2026Q1, 2026-01, 2026W03, FY2026 or FY2026Q1.

        Parameters
        ----------
        option
            What the text was given for, as the error names it.
        zone
            Where its days begin and end: the company's.
        fiscal_year_starts
            The month that the fiscal year begins with; only FY2026 and FY2026Q1 go by it, and need it.

        Raises
        ------
        UsageError
            When it is none of these.
        """
        written = text.strip().upper()
        calendar = written.removeprefix("FY")
        fiscal = (fiscal_year_starts or 0) if calendar != written else 0
        calendar = calendar if fiscal else written
        for form, kind in _FORMS[:2] if fiscal else _FORMS:
            if match := form.fullmatch(calendar):
                try:
                    return _of(kind, *(int(part) for part in match.groups()), zone=zone, fiscal=fiscal)
                except ValueError:
                    break
        forms = "2026, 2026Q1, 2026-01, 2026W03, FY2026 or FY2026Q1" if fiscal_year_starts else "2026, 2026Q1, 2026-01 or 2026W03"
        raise UsageError(f"{option}: {text!r} is no period; write it as {forms}")

    @classmethod
    def around(cls, moment: datetime, kind: Kind = "quarter") -> Period:
        """The period of a kind that a moment is in, of the calendar in the moment's zone."""
        zone = moment.tzinfo or UTC
        at = moment.astimezone(zone)
        year, week, _ = at.isocalendar()
        numbers = {"year": (at.year,), "quarter": (at.year, (at.month + 2) // 3), "month": (at.year, at.month), "week": (year, week)}
        return _of(kind, *numbers[kind], zone=zone)

    @property
    def name(self) -> str:
        """As it is written: 2026, 2026Q1, 2026-01, 2026W03, FY2026 or FY2026Q1; a span as 2026-01-01/2026-02-15."""
        if self.fiscal_year_starts:
            return _fiscal_name(self)
        year, week, _ = self.start.isocalendar()
        names = {
            "year": f"{self.start.year}",
            "quarter": f"{self.start.year}Q{(self.start.month + 2) // 3}",
            "month": f"{self.start:%Y-%m}",
            "week": f"{year}W{week:02d}",
        }
        return names[self.kind] if self.kind else f"{self.start:%Y-%m-%d}/{self.end:%Y-%m-%d}"

    @property
    def days(self) -> float:
        """Its length in days of 24 hours."""
        return (self.end.astimezone(UTC) - self.start.astimezone(UTC)) / timedelta(days=1)

    @property
    def previous(self) -> Period:
        """The period before, of the same length: as many months if both ends are the first of a month, else as many days."""
        months = self._months
        start = _add_months(self.start, -months) if months else self.start - (self.end - self.start)
        return replace(self, start=start, end=self.start)

    @property
    def next(self) -> Period:
        """The period after, of the same length as in `previous`."""
        months = self._months
        end = _add_months(self.end, months) if months else self.end + (self.end - self.start)
        return replace(self, start=self.end, end=end)

    @property
    def _months(self) -> int:
        """How many whole calendar months it has; 0 if its ends are not firsts of a month."""
        if any(at != datetime(at.year, at.month, 1, tzinfo=at.tzinfo) for at in (self.start, self.end)):
            return 0
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month

    def holds(self, moment: datetime) -> bool:
        """Whether a moment is in it."""
        return self.start <= moment < self.end

    def days_from(self, moment: datetime) -> float:
        """Days from a moment until it ends; negative when it is over."""
        return (self.end.astimezone(UTC) - moment) / timedelta(days=1)


def periods_between(first: datetime, last: datetime, kind: Kind) -> Iterator[Period]:
    """The whole periods of a kind that begin at or after one moment and end by another, in order, in the zone of the first."""
    period = Period.around(first, kind)
    while period.end <= last:
        if period.start >= first:
            yield period
        period = period.next


def trailing_periods(period: Period, count: int) -> list[Period]:
    """A period and the `count - 1` periods before it, the earliest first."""
    periods = [period]
    while len(periods) < count:
        periods.append(periods[-1].previous)
    return periods[::-1]


def _of(kind: Kind, year: int, number: int = 1, *, zone: tzinfo, fiscal: int = 0) -> Period:
    if kind == "week":
        start = datetime.fromisocalendar(year, number, 1).replace(tzinfo=zone)
        return Period(start, start + timedelta(days=7), kind)
    months = {"year": 12, "quarter": 3, "month": 1}[kind]
    if not 1 <= number <= 12 // months:
        raise ValueError(f"no {kind} {number} in a year")
    begins = datetime(year - (fiscal > 1), fiscal or 1, 1, tzinfo=zone)
    start = _add_months(begins, (number - 1) * months)
    return Period(start, _add_months(start, months), kind, fiscal)


def _fiscal_name(period: Period) -> str:
    """FY2026 or FY2026Q1: a fiscal year is named after the year that it ends in."""
    first, start = period.fiscal_year_starts, period.start
    year = start.year - (start.month < first) + (first > 1)
    return f"FY{year}" if period.kind == "year" else f"FY{year}Q{(start.month - first) % 12 // 3 + 1}"


def _add_months(first_of_month: datetime, months: int) -> datetime:
    year, month = divmod(first_of_month.year * 12 + first_of_month.month - 1 + months, 12)
    return first_of_month.replace(year=year, month=month + 1)
