"""Spots: the snapshots of each entity in turn, as places that facts fall into."""

from __future__ import annotations

from typing import Protocol

import ibis
import ibis.expr.types as ir

from dealml.features.linear.cutoffs import MICROSECONDS_A_DAY, Cutoff
from dealml.features.point_in_time import MOMENT, is_known

KNOWN = "_known"
"""The column with the place from which on a fact is known."""

# An entity's snapshots are in turn where neither clock runs back: then what holds of a fact at one holds at all later ones.
_SPOTS = """
    WITH ordered AS (
        SELECT *, max(as_of) OVER before AS latest, max(as_of::TIMESTAMP) OVER before AS latest_on_the_wall FROM ({moments})
        WINDOW before AS (PARTITION BY {entity} ORDER BY known_by, as_of ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
    turns AS (
        SELECT {entity}, as_of, known_by,
               coalesce(as_of >= latest AND as_of::TIMESTAMP >= latest_on_the_wall, true) AS _is_in_turn FROM ordered),
    placed AS (
        SELECT *, row_number() OVER (PARTITION BY {entity}, _is_in_turn ORDER BY known_by, as_of) AS _place,
               count(*) OVER (PARTITION BY {entity}, _is_in_turn) AS _places FROM turns)
    SELECT {entity}, as_of, known_by, dense_rank() OVER (ORDER BY {entity}) AS _chain, _place, _places,
           _is_in_turn AND _places > {few} AS _is_linear FROM placed"""

# Dates are counted by the clock on the wall (`dealml.features.calendar`): each fact meets the snapshots by its own clock.
_AGES = """
    SELECT _chain, false AS _is_date, epoch_us(as_of) AS _at, min(_place) AS _place FROM "{spots}" WHERE _is_linear GROUP BY ALL"""
_AGES_OF_DATES = """
    UNION ALL
    SELECT _chain, true, epoch_us(as_of::TIMESTAMP), min(_place) FROM "{spots}" WHERE _is_linear GROUP BY ALL"""
_IS_DATE = "date_trunc('day', occurred_at) = occurred_at"

_PLACES = """
    SELECT f._row, f._known{columns}
    FROM (SELECT *, {is_date} AS _is_date, CASE WHEN {is_date} THEN epoch_us(occurred_at::TIMESTAMP) ELSE epoch_us(occurred_at) END AS _at
          FROM "{known}") f{joins}"""
_JOIN = """
    ASOF LEFT JOIN "{ages}" {name} ON f._chain = {name}._chain AND f._is_date = {name}._is_date AND f._at + {age} {sign} {name}._at"""
_PLACE = ", CASE WHEN {name}._place IS NOT NULL THEN greatest(f._known, {name}._place) END AS {name}"


class Draft(Protocol):
    """Where the queries of a script are written, in order."""

    def add(self, table: ir.Table) -> ir.Table:
        """Write a query, and give its table for later ones to be made from."""

    def add_sql(self, query: str, schema: ibis.Schema) -> ir.Table:
        """The same for a query in SQL."""


def spots_of(draft: Draft, moments: ir.Table, entity: str, few: int) -> ir.Table:
    """The moments of each entity: `_chain` is its number, `_place` the moment's turn among its
    `_places`, and whether it `_is_linear`: in turn, and one of more than a few.
    """
    sql = str(ibis.to_sql(moments, dialect="duckdb", pretty=False))
    kinds = {entity: "string"} | dict.fromkeys(MOMENT, "timestamp('UTC')")
    numbers = {"_chain": "int64", "_place": "int64", "_places": "int64", "_is_linear": "boolean"}
    return draft.add_sql(_SPOTS.format(moments=sql, entity=entity, few=few), ibis.schema(kinds | numbers))


def ages_of(draft: Draft, spots: ir.Table, *, in_utc: bool) -> ir.Table:
    """When each place is reached, by both clocks."""
    query = _AGES if in_utc else _AGES + _AGES_OF_DATES
    schema = ibis.schema({"_chain": "int64", "_is_date": "boolean", "_at": "int64", "_place": "int64"})
    return draft.add_sql(query.format(spots=spots.get_name()), schema)


def known_places(draft: Draft, facts: ir.Table, spots: ir.Table) -> ir.Table:
    """The facts that any snapshot knows, with the place of the first one that does."""
    turns = spots.filter(spots["_is_linear"]).group_by("_chain", "known_by").agg(**{KNOWN: lambda t: t["_place"].min()})
    probes = facts.select("_row", "_chain", "occurred_at", "recorded_at")
    joined = probes.asof_join(turns, on=is_known(probes.recorded_at, turns.known_by), predicates="_chain")
    return draft.add(joined.filter(joined[KNOWN].notnull()).select(*probes.columns, KNOWN))


def places(draft: Draft, seen: ir.Table, ages: ir.Table, cutoffs: dict[Cutoff, str], *, in_utc: bool) -> ir.Table:
    """By `_row` the place of a fact from which on it is known, and for each cutoff the one from which on it is that old too."""
    joins = [
        _JOIN.format(ages=ages.get_name(), name=name, age=cutoff.days * MICROSECONDS_A_DAY, sign="<" if cutoff.is_strict else "<=")
        for cutoff, name in cutoffs.items()
    ]
    columns = [_PLACE.format(name=name) for name in cutoffs.values()]
    is_date = "false" if in_utc else _IS_DATE
    query = _PLACES.format(columns="".join(columns), is_date=is_date, known=seen.get_name(), joins="".join(joins))
    return draft.add_sql(query, ibis.schema(dict.fromkeys(("_row", KNOWN, *cutoffs.values()), "int64")))
