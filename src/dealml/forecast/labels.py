"""Words that the page and the terminal share: periods, parts of a forecast, kinds of deals to talk about."""

from __future__ import annotations

from dealml.forecast.waterfall.result import Movement
from dealml.formatting import MONTHS, day
from dealml.period import Period

CUTS = {"team": "By team", "segment": "By segment", "kind": "New and existing business"}
"""What a forecast is divided by."""
TALKS = {
    "change": "Largest expected change",
    "slipping": "Likely to slip",
    "stale": "Gone quiet",
    "weak_commit": "In commit, with a low chance",
    "strong_omitted": "Not in commit, with a high chance",
}
"""Kinds of deals to talk about, in the order in which they are shown."""


def period(value: Period) -> str:
    """A period as it is said: ``Q1 2026``, ``Jan 2026``, ``week 3 of 2026``."""
    year, week, _ = value.start.isocalendar()
    names = {
        "year": f"{value.start.year}",
        "quarter": f"Q{(value.start.month + 2) // 3} {value.start.year}",
        "month": f"{MONTHS[value.start.month - 1]} {value.start.year}",
        "week": f"week {week} of {year}",
    }
    return names[value.kind] if value.kind else value.name


def days(number: float) -> str:
    """Whole days."""
    return f"{number:.0f} day{'' if round(number) == 1 else 's'}"


def before_it_began(movement: Movement) -> str:
    """Why winning can lower what is expected, where part of the time told of lies before the period; else nothing."""
    if movement.start >= movement.period.start:
        return ""
    name, first = period(movement.period), day(movement.period.start)
    return (
        f"Part of this time lies before {name}: a deal won before {first} counts in the period before, so “Won” can lower {name}, "
        "and a close date pushed out of that period raises it."
    )
