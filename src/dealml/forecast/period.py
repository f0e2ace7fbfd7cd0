"""Calendar periods: a year, a quarter, a month or an ISO week, from its first midnight (UTC) to the next one's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from dealml.errors import UsageError

Kind = Literal["year", "quarter", "month", "week"]

_FORMS = (
    (re.compile(r"(\d{4})"), "year"),
    (re.compile(r"(\d{4})-?Q([1-4])"), "quarter"),
    (re.compile(r"(\d{4})-(\d{2})"), "month"),
    (re.compile(r"(\d{4})-?W(\d{2})"), "week"),
)


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of the calendar: `start <= moment < end`."""

    start: datetime
    end: datetime
    kind: Kind

    @classmethod
    def parse(cls, text: str, option: str = "--period") -> Period:
        """A period as a person writes it: 2026, 2026Q1, 2026-01 or 2026W03.

        Raises
        ------
        UsageError
            When it is none of these.
        """
        for form, kind in _FORMS:
            if found := form.fullmatch(text.strip().upper()):
                try:
                    return _of(kind, *(int(part) for part in found.groups()))
                except ValueError:
                    break
        raise UsageError(f"{option}: {text!r} is no period; write it as 2026, 2026Q1, 2026-01 or 2026W03")

    @classmethod
    def around(cls, moment: datetime, kind: Kind = "quarter") -> Period:
        """The period of a kind that a moment lies in."""
        at = moment.astimezone(UTC)
        year, week, _ = at.isocalendar()
        place = {"year": (at.year,), "quarter": (at.year, (at.month + 2) // 3), "month": (at.year, at.month), "week": (year, week)}
        return _of(kind, *place[kind])

    @property
    def name(self) -> str:
        """As it is written: 2026, 2026Q1, 2026-01, 2026W03."""
        year, week, _ = self.start.isocalendar()
        names = {
            "year": f"{self.start.year}",
            "quarter": f"{self.start.year}Q{(self.start.month + 2) // 3}",
            "month": f"{self.start:%Y-%m}",
            "week": f"{year}W{week:02d}",
        }
        return names[self.kind]

    @property
    def previous(self) -> Period:
        """The one before."""
        return Period.around(self.start - timedelta(microseconds=1), self.kind)

    @property
    def next(self) -> Period:
        """The one after."""
        return Period.around(self.end, self.kind)

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in it."""
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


def _of(kind: str, year: int, place: int = 1) -> Period:
    if kind == "week":
        start = datetime.fromisocalendar(year, place, 1).replace(tzinfo=UTC)
        return Period(start, start + timedelta(days=7), "week")
    months = {"year": 12, "quarter": 3, "month": 1}[kind]
    first = (place - 1) * months
    if not 0 <= first < 12:
        raise ValueError(f"no {kind} {place} in a year")
    after = first + months
    start, end = (datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC) for month in (first, after))
    return Period(start, end, kind)  # type: ignore[arg-type]
