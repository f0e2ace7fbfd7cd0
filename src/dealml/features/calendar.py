"""The calendar of features: differences in days and the ends of days and quarters, in the company's zone."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

_MOMENT = ibis.dtype("timestamp('UTC')")


@ibis.udf.scalar.builtin(name="days_between_calendar")  # type: ignore[untyped-decorator]
def _days_between(start: _MOMENT, finish: _MOMENT, fact: _MOMENT) -> float:  # type: ignore[empty-body, valid-type]
    """Made by `dealml.as_of.connection`, from whole microseconds: a hundred times faster than the portable `delta`."""


def days_between(start: ir.Value, end: ir.Value, *, fact: ir.Value) -> ir.Value:
    """Days from one moment to another.

    Where the `fact`, one of the two, is a date (a midnight of the company's zone), dates are counted: a day on which the clock
    changes is one day. Else an hour is an hour.
    """
    return _days_between(start, end, fact)


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
        quarter_end = self._as_of.truncate("Q") + ibis.interval(months=3)
        return days_between(self._as_of, quarter_end, fact=quarter_end)
