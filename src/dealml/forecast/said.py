"""Periods and lengths of time in the sentences of a review."""

from __future__ import annotations

from dealml.forecast.period import Period
from dealml.written import MONTHS


def period(value: Period) -> str:
    """A period as it is said: ``Q1 2026``, ``Jan 2026``, ``week 3 of 2026``."""
    year, week, _ = value.start.isocalendar()
    names = {
        "year": f"{value.start.year}",
        "quarter": f"Q{(value.start.month + 2) // 3} {value.start.year}",
        "month": f"{MONTHS[value.start.month - 1]} {value.start.year}",
        "week": f"week {week} of {year}",
    }
    return names[value.kind]


def days(number: float) -> str:
    """Whole days."""
    return f"{number:.0f} day{'' if round(number) == 1 else 's'}"
