"""Cumulative columns: what an interval's facts give, and how the intervals up to a snapshot are combined."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from dealml.features.linear.spots import KNOWN, Draft

NEVER = 9_000_000_000
"""A place that no snapshot has."""
_COMBINED = {"count": "sum", "sum": "sum", "max": "max", "min": "min", "any": "bool_or", "all": "bool_and"}


@dataclass(frozen=True)
class Column:
    """A column that is cumulated over an entity's snapshots.

    Parameters
    ----------
    function
        What is computed of the facts of an interval.
    value, where
        The columns of facts that are reduced and that say which facts count; empty for none.
    since
        The column with the place from which on a fact counts.
    until
        For distinct values the column with the place from which on a fact counts no longer; empty for never.
    """

    function: str
    value: str
    where: str
    since: str
    kind: dt.DataType
    until: str = ""

    def of_interval(self, name: str) -> str:
        """The SQL of an interval's own part, with the order of the fact that it comes from where the latest is sought."""
        filtered = f" FILTER ({self.where})" if self.where else ""
        if self.function in ("latest", "first"):
            side = "max" if self.function == "latest" else "min"
            return f"arg_{side}_null({self.value}, _order){filtered} AS {name}, {side}(_order){filtered} AS {name}_order"
        return f"{_COMBINED[self.function] if self.function != 'count' else 'count'}({self.value or '*'}){filtered} AS {name}"

    def combined(self, name: str, over: str = "") -> str:
        """The SQL of intervals together."""
        if self.function in ("latest", "first"):
            side = "max" if self.function == "latest" else "min"
            return f"arg_{side}_null({name}, {name}_order) FILTER ({name}_order IS NOT NULL){over} AS {name}"
        if self.function in ("count", "distinct"):
            return f"CAST(coalesce(sum({name}){over}, 0) AS BIGINT) AS {name}"
        return f"{_COMBINED[self.function]}({name}){over} AS {name}"


KNOWN_FACTS = Column("count", "", "", KNOWN, dt.int64)
"""How many facts are known."""

# A value counts from a place to the next one where another fact has it, or to where the last of its facts so far ends.
_DISTINCT = """
    WITH shown AS (
        SELECT _chain, {value} AS _value, {place} AS _from, max(coalesce({until}, {never})) AS _to FROM "{rows}"
        WHERE {place} IS NOT NULL AND {value} IS NOT NULL AND {where} GROUP BY ALL),
    turns AS (
        SELECT _chain, _from, max(_to) OVER turn AS _to, coalesce(lead(_from) OVER turn, {never}) AS _next FROM shown
        WINDOW turn AS (PARTITION BY _chain, _value ORDER BY _from)),
    steps AS (
        SELECT _chain, _from AS _place, 1 AS _step FROM turns WHERE _to > _from
        UNION ALL SELECT _chain, least(_to, _next), -1 FROM turns WHERE _to > _from AND least(_to, _next) < {never})
    SELECT _chain, _place, sum(_step)::BIGINT AS {name} FROM steps GROUP BY ALL"""
_DISTINCT_SO_FAR = """
    WITH shown AS (
        SELECT _chain, min({place}) AS _place FROM "{rows}" WHERE {value} IS NOT NULL AND {where} GROUP BY _chain, {value})
    SELECT _chain, _place, count(*) AS {name} FROM shown WHERE _place IS NOT NULL GROUP BY ALL"""
_INTERVALS = """
    SELECT _chain, {place} AS _place, {parts} FROM "{rows}" WHERE {place} IS NOT NULL GROUP BY ALL"""
_CUMULATED = """
    SELECT s.{entity}, s.as_of, s.known_by, s._chain, s._place, {columns} FROM "{spots}" s {joins}
    WHERE s._is_linear WINDOW so_far AS (PARTITION BY s._chain ORDER BY s._place ROWS UNBOUNDED PRECEDING)"""


def cumulated(draft: Draft, rows: ir.Table, spots: ir.Table, entity: str, columns: dict[Column, str]) -> ir.Table:
    """A row for each snapshot, with each column over the facts that count by then."""
    distinct = {column: name for column, name in columns.items() if column.function == "distinct"}
    tables = [_distinct(draft, rows, column, name) for column, name in distinct.items()]
    for start in dict.fromkeys(column.since for column in columns if column not in distinct):
        tables.append(_intervals(draft, rows, start, {c: n for c, n in columns.items() if c.since == start and c not in distinct}))
    query = _CUMULATED.format(
        entity=entity,
        columns=", ".join(column.combined(name, " OVER so_far") for column, name in columns.items()),
        spots=spots.get_name(),
        joins=" ".join(f'LEFT JOIN "{table.get_name()}" USING (_chain, _place)' for table in tables),
    )
    keys = {name: kind for name, kind in spots.schema().items() if name not in ("_places", "_is_linear")}
    return draft.add_sql(query, ibis.schema(keys | {name: column.kind for column, name in columns.items()}))


def _intervals(draft: Draft, rows: ir.Table, since: str, columns: dict[Column, str]) -> ir.Table:
    parts = ", ".join(column.of_interval(name) for column, name in columns.items())
    query = _INTERVALS.format(place=since, parts=parts, rows=rows.get_name())
    return draft.add_sql(query, ibis.schema({"_chain": "int64", "_place": "int64"} | {name: c.kind for c, name in columns.items()}))


def _distinct(draft: Draft, rows: ir.Table, column: Column, name: str) -> ir.Table:
    query = (_DISTINCT if column.until else _DISTINCT_SO_FAR).format(
        value=column.value,
        place=column.since,
        until=column.until,
        where=column.where or "true",
        rows=rows.get_name(),
        name=name,
        never=NEVER,
    )
    return draft.add_sql(query, ibis.schema({"_chain": "int64", "_place": "int64", name: "int64"}))


_SPANS = """
    WITH groups AS (
        SELECT _chain, {place} AS _from, coalesce({until}, _places + 1) AS _to, {parts} FROM "{rows}"
        WHERE {where} AND {place} < coalesce({until}, _places + 1) GROUP BY ALL),
    seen AS (SELECT *, unnest(range(_from, _to)) AS _place FROM groups)
    SELECT _chain, _place, {columns} FROM seen GROUP BY ALL"""


def in_window(draft: Draft, rows: ir.Table, columns: dict[Column, str]) -> ir.Table:
    """By `_chain` and `_place` columns that have the same `where`, `since` and `until`, over the facts that count there."""
    first = next(iter(columns))
    query = _SPANS.format(
        place=first.since,
        until=first.until,
        where=first.where or "true",
        parts=", ".join(column.of_interval(name) for column, name in columns.items()),
        rows=rows.get_name(),
        columns=", ".join(column.combined(name) for column, name in columns.items()),
    )
    return draft.add_sql(query, ibis.schema({"_chain": "int64", "_place": "int64"} | {n: c.kind for c, n in columns.items()}))
