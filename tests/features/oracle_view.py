"""What is known of an account at a moment, and plain sums over it: the loops' own tools."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

Row = dict[str, Any]
History = dict[str, list[Row]]
Told = dict[str, list[tuple[datetime, str, Any]]]

DAY = timedelta(days=1)
CLOCKS = ("occurred_at", "recorded_at", "sequence")


class View:
    """What is known of one account at a moment; `told` is kept from one view of a history to the next."""

    def __init__(self, history: History, account: str, as_of: datetime, known_by: datetime, told: Told | None = None) -> None:
        self.history, self.account, self.as_of, self.known_by = history, account, as_of, known_by
        self.told = {} if told is None else told

    def known(self, table: str) -> list[Row]:
        """Facts on record strictly before, in the order in which they occurred."""
        rows = []
        for row in self.history.get(table, []):
            if row["account_id"] == self.account and row["recorded_at"] < self.known_by:
                rows.append(row)
        return sorted(rows, key=by_occurrence)

    def ago(self, row: Row) -> float:
        """Days from a fact to the moment."""
        return (self.as_of - row["occurred_at"]) / DAY

    def past(self, table: str) -> list[Row]:
        """Known facts that are not planned ahead."""
        return [row for row in self.known(table) if self.ago(row) > 0]

    def within(self, table: str, days: int, before: int = 0) -> list[Row]:
        """Known facts of a span of days."""
        return [row for row in self.known(table) if before < self.ago(row) <= before + days]


def by_occurrence(row: Row) -> tuple[Any, ...]:
    """When it occurred, was recorded, its sequence; then its other columns; what is missing comes last."""
    own = sorted((name for name in row if name not in CLOCKS), key=lambda name: name != "number")
    return tuple((row[name] is None, row[name]) if row[name] is not None else (True, 0) for name in (*CLOCKS, *own))


def by_record(row: Row) -> tuple[Any, ...]:
    """The order in which the company learned of facts."""
    return (row["recorded_at"], by_occurrence(row))


def given(rows: list[Row], column: str) -> list[Any]:
    """The values that are there."""
    return [row[column] for row in rows if row[column] is not None]


def total(rows: list[Row], column: str) -> Any:
    """A sum; nothing of nothing."""
    values = given(rows, column)
    return sum(values) if values else None


def zero(value: Any) -> Any:
    """A value, or 0 where there is none."""
    return 0 if value is None else value


def last(values: list[Any]) -> Any:
    """The last value, if any."""
    return values[-1] if values else None


def most(values: list[Any]) -> Any:
    """The greatest value, if any."""
    return max(values) if values else None


def least(values: list[Any]) -> Any:
    """The smallest value, if any."""
    return min(values) if values else None


def mean(values: list[Any]) -> Any:
    """The average, if any."""
    return sum(values) / len(values) if values else None


def ratio(above: Any, below: Any) -> Any:
    """A quotient; unknown where either part is, or the divisor is 0."""
    if above is None or below is None or below == 0:
        return None
    return float(above) / float(below)


def minus(first: Any, second: Any) -> Any:
    """A difference; unknown where either part is."""
    return None if first is None or second is None else first - second
