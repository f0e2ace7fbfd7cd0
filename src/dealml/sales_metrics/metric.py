"""What a sales metric is: its formula in words and as a function, the figures that it is made of, and its value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from dealml.period import Period

Number = int | float | Decimal
WAYS = ("segment", "team", "source")
"""What metrics can be split by."""

WHOLE = ""
"""The group that is the whole company."""

NOT_GIVEN = "not given"
"""The group of what names no segment, team or source."""


class NoValue(Exception):  # noqa: N818  (no mishap: the ledger cannot tell)
    """A metric has no value here, for the reason that it carries in words."""


@dataclass(frozen=True)
class MetricQuery:
    """A query that gives numbers for each period and group.

    The query reads the tables of `dealml.sales_metrics.facts` and gives `period_index` (the period's), `grp` (the
    group's, written `{group}`) and the numbers; a pair without a row counts as nothing but zeros.
    """

    query: str
    splits: tuple[str, ...] = WAYS
    whole: bool = False
    """Whether every group gets the whole company's numbers."""


@dataclass(frozen=True)
class MetricInputs:
    """The numbers that a metric is made of, in one period and group."""

    now: Mapping[str, Any]
    before: Mapping[str, Any]
    """The same numbers in the period before, which is as long."""
    period: Period
    previous: Period
    as_of: datetime
    begin: datetime
    """When the first deal on record was created."""
    group: str = WHOLE

    def __getitem__(self, name: str) -> Any:
        """A number by its name."""
        return self.now[name]

    @property
    def over(self) -> bool:
        """Whether the period was over when it was looked at."""
        return self.period.end <= self.as_of


@dataclass(frozen=True)
class SalesMetric:
    """A sales metric."""

    name: str
    title: str
    unit: str
    """`share` (0–1), `deals`, `days` …; `{currency}` is replaced by the project's."""
    formula: str
    inputs: tuple[str, ...]
    """The tables, or tables and columns, that it is made of."""
    missing: str
    """What it does where a part is missing or zero."""
    needs: tuple[str, ...]
    """The tables without which it has no value."""
    figures: tuple[MetricQuery, ...]
    shows: Mapping[str, str]
    """The inputs that are shown with the value, with the label of each."""
    value: Callable[[MetricInputs], Number]
    note: Callable[[MetricInputs], str] = lambda parts: ""
    items: Callable[[MetricInputs], Mapping[str, Number]] = lambda parts: {}
    """Further values, one for each item, such as a competitor."""

    @property
    def splits(self) -> tuple[str, ...]:
        """What it can be split by."""
        return tuple(way for way in WAYS if all(way in figures.splits or figures.whole for figures in self.figures))


@dataclass(frozen=True)
class MetricValue:
    """A metric in one period, of the whole company or of one group."""

    metric: str
    period: Period
    value: float | None
    """None where it has no value; money is exact to the cent."""
    unit: str
    group: str = WHOLE
    item: str = ""
    """The item, such as a competitor, of a metric that has values by item."""
    reason: str = ""
    """Why there is no value."""
    note: str = ""
    parts: Mapping[str, float | None] = field(default_factory=dict)


def ratio(part: Number, whole: Number, why: str) -> float:
    """A part of a whole.

    Raises
    ------
    Unknown
        With the words given, where the whole is nothing.
    """
    if whole == 0:
        raise NoValue(why)
    return float(part) / float(whole)
