"""Measure every metric in some periods, of the whole company and of its groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from ibis.backends.duckdb import Backend

from dealml.as_of.connection import QuerySettings, connect
from dealml.ledger.ledger import Ledger
from dealml.period import Period
from dealml.sales_metrics.facts import derive, read
from dealml.sales_metrics.metric import NOT_GIVEN, WHOLE, MetricInputs, MetricQuery, MetricValue, NoValue, Number, SalesMetric
from dealml.sales_metrics.registry import METRICS

_ByGroup = dict[tuple[int, str], dict[str, Any]]


@dataclass(frozen=True)
class _Context:
    """A connection that holds the derived facts, and what is asked of it."""

    con: Backend
    periods: Sequence[Period]
    """The periods to measure, led by the one before the first."""
    tables: frozenset[str]
    as_of: datetime
    currency: str
    begin: datetime


def measure(
    ledger: Ledger,
    periods: Sequence[Period],
    as_of: datetime,
    currency: str,
    by: str | None = None,
    settings: QuerySettings = QuerySettings(),  # noqa: B008  (frozen)
) -> list[MetricValue]:
    """Every metric in each period, and where it can be split in each group.

    Parameters
    ----------
    periods
        Equally long and one after the other, the earliest first.
    as_of
        Only what was recorded strictly before this moment counts.
    currency
        The currency of all money.
    by
        One of `segment`, `team` and `source`.

    Returns
    -------
    list of Value
        By period, then in the order of the registry, the whole company before its groups.
    """
    con = connect(settings)
    tables = read(con, ledger, as_of)
    whole = [periods[0].previous, *periods]
    derive(con, currency, whole)
    first = con.raw_sql("SELECT min(created_at) FROM deal").fetchone()[0] or as_of
    context = _Context(con, whole, frozenset(tables), as_of, currency, first.astimezone(as_of.tzinfo))
    company = _run_queries(context, None)
    groups = _run_queries(context, by) if by else {}
    names = sorted({grp for by_group in groups.values() for _, grp in by_group} - {WHOLE}, key=lambda name: (name == NOT_GIVEN, name))
    values: list[MetricValue] = []
    for index in range(1, len(whole)):
        for metric in METRICS.values():
            values += _values(context, metric, index, WHOLE, company)
            if by in metric.splits:
                for name in names:
                    # The group without a name is shown only where it has rows.
                    if name != NOT_GIVEN or any((index, name) in groups[figures] for figures in metric.figures):
                        values += _values(context, metric, index, name, groups)
    return values


def _run_queries(context: _Context, by: str | None) -> dict[MetricQuery, _ByGroup]:
    """The numbers of each query by period and group; the whole company is the group `WHOLE`."""
    numbers = {}
    for figures in dict.fromkeys(figures for metric in METRICS.values() for figures in metric.figures):
        way = by if by in figures.splits else ""
        if by is None or way or figures.whole:
            numbers[figures] = _run_query(context.con, figures, way or "")
    return numbers


def _run_query(con: Backend, figures: MetricQuery, way: str) -> _ByGroup:
    group = f"coalesce(\"{way}\", '{NOT_GIVEN}')" if way else f"'{WHOLE}'"
    cursor = con.raw_sql(figures.query.format(group=group, way=way))
    names = [column[0] for column in cursor.description]
    numbers_of: _ByGroup = {(-1, WHOLE): dict.fromkeys(names[2:], 0)}
    for index, grp, *numbers in cursor.fetchall():
        numbers_of[index, grp] = dict(zip(names[2:], numbers, strict=True))
    return numbers_of


def _values(
    context: _Context, metric: SalesMetric, index: int, group: str, results: Mapping[MetricQuery, _ByGroup]
) -> Iterator[MetricValue]:
    """A metric's value, and those of its items."""
    parts = _parts(context, metric, index, group, results)
    unit = metric.unit.format(currency=context.currency)
    value, reason, note, items = None, "", "", dict[str, Number]()
    try:
        _require(metric, context.tables)
        value, note, items = _plain(metric, metric.value(parts)), metric.note(parts), dict(metric.items(parts))
    except NoValue as unknown:
        reason = str(unknown)
    shown = {name: None if parts.now.get(name) is None else float(parts.now[name]) for name in metric.shows} if not reason else {}
    yield MetricValue(metric.name, parts.period, value, unit, group, "", reason, note, shown)
    for item, number in items.items():
        yield MetricValue(metric.name, parts.period, float(number), unit, group, item)


def _require(metric: SalesMetric, tables: frozenset[str]) -> None:
    if absent := [table for table in metric.needs if table not in tables]:
        raise NoValue(f"no {absent[0]} in the ledger")


def _plain(metric: SalesMetric, number: Number) -> float:
    """A number for people: money to the cent."""
    return float(round(Decimal(str(number)), 2)) if metric.unit.startswith("{currency}") else float(number)


def _parts(context: _Context, metric: SalesMetric, index: int, group: str, results: Mapping[MetricQuery, _ByGroup]) -> MetricInputs:
    now, earlier = ({} | _numbers(metric, at, group, results) for at in (index, index - 1))
    period = context.periods[index]
    now["forecast_used"] = now.get("commit")
    return MetricInputs(now, earlier, period, context.periods[index - 1], context.as_of, context.begin, group)


def _numbers(metric: SalesMetric, index: int, group: str, results: Mapping[MetricQuery, _ByGroup]) -> dict[str, Any]:
    numbers: dict[str, Any] = {}
    for figures in metric.figures:
        by_group = results[figures]
        numbers |= by_group.get((index, WHOLE if figures.whole else group), by_group[-1, WHOLE])
    return numbers
