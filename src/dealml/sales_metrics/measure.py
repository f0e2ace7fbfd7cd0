"""Measure every metric in some periods, of the whole company and of its groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ibis.backends.duckdb import Backend

from dealml.ledger.connect import Limits, connect
from dealml.ledger.ledger import Ledger
from dealml.period import Period
from dealml.sales_metrics.facts import derive, read
from dealml.sales_metrics.metric import NOT_GIVEN, WHOLE, Figures, Metric, Number, Parts, Unknown, Value
from dealml.sales_metrics.registry import METRICS

_Found = dict[tuple[int, str], dict[str, Any]]


@dataclass(frozen=True)
class _Asked:
    """A connection that holds the derived facts, and what is asked of it."""

    con: Backend
    periods: Sequence[Period]
    """The periods to measure, led by the one before the first."""
    held: frozenset[str]
    as_of: datetime
    currency: str
    begin: datetime


def measure(
    ledger: Ledger,
    periods: Sequence[Period],
    as_of: datetime,
    currency: str,
    by: str | None = None,
    limits: Limits = Limits(),  # noqa: B008  (frozen)
) -> list[Value]:
    """Every metric in each period, and where it can be split in each group.

    Parameters
    ----------
    periods
        Equally long and one after the other, the earliest first.
    as_of
        Only what was recorded strictly before this moment counts.
    currency
        What money is told in.
    by
        One of `segment`, `team` and `source`.

    Returns
    -------
    list of Value
        By period, then in the order of the registry, the whole company before its groups.
    """
    con = connect(limits)
    held = read(con, ledger, as_of)
    whole = [periods[0].previous, *periods]
    derive(con, currency, whole)
    first = con.raw_sql("SELECT min(created_at) FROM deal").fetchone()[0] or as_of
    asked = _Asked(con, whole, frozenset(held), as_of, currency, first.astimezone(UTC))
    company = _told(asked, None)
    groups = _told(asked, by) if by else {}
    names = sorted({grp for found in groups.values() for _, grp in found} - {WHOLE}, key=lambda name: (name == NOT_GIVEN, name))
    values: list[Value] = []
    for place in range(1, len(whole)):
        for metric in METRICS.values():
            values += _values(asked, metric, place, WHOLE, company)
            if by in metric.splits:
                for name in names:
                    # What names no group is told where there is any.
                    if name != NOT_GIVEN or any((place, name) in groups[figures] for figures in metric.figures):
                        values += _values(asked, metric, place, name, groups)
    return values


def _told(asked: _Asked, by: str | None) -> dict[Figures, _Found]:
    """Each query's numbers by period and group; what is told of the whole company stands there as one group."""
    found = {}
    for figures in dict.fromkeys(figures for metric in METRICS.values() for figures in metric.figures):
        way = by if by in figures.splits else ""
        if by is None or way or figures.whole:
            found[figures] = _asked(asked.con, figures, way or "")
    return found


def _asked(con: Backend, figures: Figures, way: str) -> _Found:
    group = f"coalesce(\"{way}\", '{NOT_GIVEN}')" if way else f"'{WHOLE}'"
    cursor = con.raw_sql(figures.query.format(group=group, way=way))
    names = [column[0] for column in cursor.description]
    found: _Found = {(-1, WHOLE): dict.fromkeys(names[2:], 0)}
    for place, grp, *numbers in cursor.fetchall():
        found[place, grp] = dict(zip(names[2:], numbers, strict=True))
    return found


def _values(asked: _Asked, metric: Metric, place: int, group: str, told: Mapping[Figures, _Found]) -> Iterator[Value]:
    """A metric's value, and those of its items."""
    parts = _parts(asked, metric, place, group, told)
    unit = metric.unit.format(currency=asked.currency)
    value, reason, note, items = None, "", "", dict[str, Number]()
    try:
        _require(metric, asked.held)
        value, note, items = _plain(metric, metric.value(parts)), metric.note(parts), dict(metric.items(parts))
    except Unknown as unknown:
        reason = str(unknown)
    shown = {name: None if parts.now.get(name) is None else float(parts.now[name]) for name in metric.shows} if not reason else {}
    yield Value(metric.name, parts.period, value, unit, group, "", reason, note, shown)
    for item, number in items.items():
        yield Value(metric.name, parts.period, float(number), unit, group, item)


def _require(metric: Metric, held: frozenset[str]) -> None:
    if absent := [table for table in metric.needs if table not in held]:
        raise Unknown(f"no {absent[0]} in the ledger")


def _plain(metric: Metric, number: Number) -> float:
    """A number for people: money to the cent."""
    return float(round(Decimal(str(number)), 2)) if metric.unit.startswith("{currency}") else float(number)


def _parts(asked: _Asked, metric: Metric, place: int, group: str, told: Mapping[Figures, _Found]) -> Parts:
    now, earlier = ({} | _numbers(metric, at, group, told) for at in (place, place - 1))
    period = asked.periods[place]
    now["forecast_used"] = now.get("commit")
    return Parts(now, earlier, period, asked.periods[place - 1], asked.as_of, asked.begin, group)


def _numbers(metric: Metric, place: int, group: str, told: Mapping[Figures, _Found]) -> dict[str, Any]:
    numbers: dict[str, Any] = {}
    for figures in metric.figures:
        found = told[figures]
        numbers |= found.get((place, WHOLE if figures.whole else group), found[-1, WHOLE])
    return numbers
