"""The calendar of features: differences in days, from whole microseconds, in UTC."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

_DAY = 86_400_000_000
"""Microseconds."""


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def epoch_us(moment: ibis.dtype("timestamp('UTC')")) -> int:  # type: ignore[empty-body, valid-type]
    """Microseconds since 1970: DuckDB's own, a hundred times faster than the portable `delta`."""


def days_between(start: ir.Value, end: ir.Value) -> ir.Value:
    """Days from one moment to another: an hour is an hour, and not a difference of dates."""
    return (epoch_us(end) - epoch_us(start)) / _DAY


def end_of_day(moment: ir.TimestampValue) -> ir.TimestampValue:
    """The first midnight at or after a moment."""
    return (moment - ibis.interval(microseconds=1)).truncate("D") + ibis.interval(days=1)


class Clock:
    """The position of a snapshot in its quarter; nothing that would let a model learn the year."""

    __slots__ = ("_as_of",)

    def __init__(self, as_of: ir.TimestampValue) -> None:
        self._as_of = as_of

    @property
    def days_to_quarter_end(self) -> ir.Value:
        """Days until the calendar quarter is over."""
        return days_between(self._as_of, self._as_of.truncate("Q") + ibis.interval(months=3))
