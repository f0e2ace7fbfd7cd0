"""Spans of days before a snapshot, for the conditions of features."""

from __future__ import annotations

from typing import Any


def happened(fact: Any) -> Any:
    """The fact is not planned ahead."""
    return fact.days_ago >= 0


def within(fact: Any, days: int, before: int = 0) -> Any:
    """The fact happened in the last `days` days, or in that many days that ended `before` days ago."""
    return (fact.days_ago >= before) & (fact.days_ago < before + days)
