"""Periods: a year, a quarter, a month or an ISO week (from midnight to midnight, UTC), or any other span of time.

`pandas.Period` is not used: it does not read or write ISO weeks by name, drops the time zone, and ends in 2262.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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

    @classmethod
    def parse(cls, text: str, option: str = "--period") -> Period:
        """A period as a person writes it: 2026, 2026Q1, 2026-01 or 2026W03.

        Raises
        ------
        UsageError
            When it is none of these.
        """
        for form, kind in _FORMS:
            if match := form.fullmatch(text.strip().upper()):
                try:
                    return _of(kind, *(int(part) for part in match.groups()))
                except ValueError:
                    break
        raise UsageError(f"{option}: {text!r} is no period; write it as 2026, 2026Q1, 2026-01 or 2026W03")

    @classmethod
    def around(cls, moment: datetime, kind: Kind = "quarter") -> Period:
        """The period of a kind that a moment is in."""
        at = moment.astimezone(UTC)
        year, week, _ = at.isocalendar()
        numbers = {"year": (at.year,), "quarter": (at.year, (at.month + 2) // 3), "month": (at.year, at.month), "week": (year, week)}
        return _of(kind, *numbers[kind])

    @property
    def name(self) -> str:
        """As it is written: 2026, 2026Q1, 2026-01, 2026W03; a span as 2026-01-01/2026-02-15."""
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
        """Its length in days."""
        return (self.end - self.start) / timedelta(days=1)

    @property
    def previous(self) -> Period:
        """The period before, of the same length: as many months if both ends are the first of a month, else as many days."""
        months = self._months
        return Period(_add_months(self.start, -months) if months else self.start - (self.end - self.start), self.start, self.kind)

    @property
    def next(self) -> Period:
        """The period after, of the same length as in `previous`."""
        months = self._months
        return Period(self.end, _add_months(self.end, months) if months else self.end + (self.end - self.start), self.kind)

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
        return (self.end - moment) / timedelta(days=1)


def periods_between(first: datetime, last: datetime, kind: Kind) -> Iterator[Period]:
    """The whole periods of a kind that begin at or after one moment and end by another, in order."""
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


def _of(kind: Kind, year: int, number: int = 1) -> Period:
    if kind == "week":
        start = datetime.fromisocalendar(year, number, 1).replace(tzinfo=UTC)
        return Period(start, start + timedelta(days=7), kind)
    months = {"year": 12, "quarter": 3, "month": 1}[kind]
    if not 1 <= number <= 12 // months:
        raise ValueError(f"no {kind} {number} in a year")
    start = datetime(year, (number - 1) * months + 1, 1, tzinfo=UTC)
    return Period(start, _add_months(start, months), kind)


def _add_months(first_of_month: datetime, months: int) -> datetime:
    year, month = divmod(first_of_month.year * 12 + first_of_month.month - 1 + months, 12)
    return first_of_month.replace(year=year, month=month + 1)
