"""The snapshot's calendar: the little that a formula may know of the date itself."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir


class Clock:
    """Where a snapshot stands in its quarter; nothing that would let a model learn the year."""

    __slots__ = ("_as_of",)

    def __init__(self, as_of: ir.TimestampValue) -> None:
        self._as_of = as_of

    @property
    def days_to_quarter_end(self) -> ir.FloatingValue:
        """Days until the calendar quarter (UTC) is over."""
        over = self._as_of.truncate("Q") + ibis.interval(months=3)
        return over.delta(self._as_of, unit="second") / 86_400
