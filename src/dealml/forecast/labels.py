"""Words that the page and the terminal share: periods, parts of a forecast, kinds of deals to talk about."""

from __future__ import annotations

from dealml.formatting import MONTHS
from dealml.period import Period

CUTS = {"team": "By team", "segment": "By segment", "kind": "New and existing business"}
"""What a forecast is divided by."""
INSPECTION_KINDS = {
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
