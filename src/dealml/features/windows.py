"""Spans of days before a snapshot, for the conditions of features.

The last `days` days are the span from that many days before the snapshot up to it, without the snapshot's own moment: so they hold
`days` dates of facts that are dated by the day, and `days` times 24 hours of facts that have a time.
"""

from __future__ import annotations

from typing import Any


def happened(fact: Any) -> Any:
    """The fact lies before the snapshot; it is not planned ahead."""
    return fact.days_ago > 0


def within(fact: Any, days: int, before: int = 0) -> Any:
    """The fact happened in the last `days` days, or in that many days that ended `before` days ago."""
    return (fact.days_ago > before) & (fact.days_ago <= before + days)
