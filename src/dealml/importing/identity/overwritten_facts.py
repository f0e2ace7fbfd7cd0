"""Facts of which one holds at a moment: what a source wrote over is news of the extract, and so is what it wrote back.

So it is with a history's value of an attribute, with won and lost, with what an event of a lead says but a touch, and with the rate of a
currency. Each is known by its entity, its `occurred_at` and its `sequence`; where an extract has both clocks, `recorded_at` belongs
to them.
"""

from __future__ import annotations

from dataclasses import dataclass

from dealml.importing.identity.sql import VALUES, columns_of, in_declared_order, listed, moment_of, packed, same
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.extract import CHANGE_TABLES
from dealml.ledger.schema import TABLES
from dealml.ledger.sql import literal


@dataclass(frozen=True)
class OneAtATime:
    """A kind of facts of which one holds at a moment."""

    key: list[str]
    """The columns that tell the moment, without `recorded_at`."""
    values: tuple[str, ...]
    """The columns that say what holds."""
    where: str = "true"
    """The facts that it is asked of, in SQL."""
    has_order: bool = False
    """Whether values may stand in a declared order; such values do not exclude each other."""

    def is_ordered(self, table: str) -> str:
        """Whether a fact's value stands in a declared order, in SQL."""
        return in_declared_order(table) if self.has_order else "false"


def one_at_a_time(name: str) -> OneAtATime | None:
    """The kind of a table's facts; None where many may hold at a moment."""
    entity = str(TABLES[name].entity)
    if name in CHANGE_TABLES:
        return OneAtATime([entity, "field", "occurred_at", "sequence"], VALUES, has_order=True)
    if name == "outcomes":
        return OneAtATime([entity, "occurred_at", "sequence"], ("outcome", "reason", "competitor"), "outcome IN ('won', 'lost')")
    if name == "leads":
        return OneAtATime(moment_of(name), ("deal_id", "account_id", "source", "segment", "team"), "event <> 'touched'")
    return OneAtATime([entity, "occurred_at", "sequence"], ("rate",), "rate IS NOT NULL") if name == "rates" else None


def corrected_facts(work: Workspace, name: str, fresh: str) -> str:
    """Of facts with both clocks that are not on record, those that say something new.

    What another fact of the ledger says for the same clocks was written over: the new one is recorded when the extract was taken, once.
    """
    kind = one_at_a_time(name)
    if not kind or not work.ledger.files(name):
        return fresh
    return _CORRECTED.format(
        new=fresh,
        held=work.in_ledger(name),
        where=kind.where,
        columns=listed(columns_of(name), "fresh"),
        key=listed(kind.key),
        value=packed(kind.values),
        fresh_value=packed(kind.values, "fresh"),
        order=packed(["recorded_at", *sorted(kind.values, key=lambda column: column != "number")]),
        same_key=same("held", "f", kind.key),
        same_clocks=same("fresh", "told", [*kind.key, "recorded_at"]),
        same_last=same("fresh", "last", kind.key),
        ordered_tie=kind.is_ordered("ties"),
        ordered=kind.is_ordered("fresh"),
        seen=work.seen,
    )


def returning_facts(work: Workspace, name: str, incoming: str, has_both_clocks: bool) -> str | None:
    """The query of facts on record that were written over, and that an extract shows again; None where nothing was written over.

    They are recorded when the extract was taken. A full history that still has the later fact shows both as they were.

    Parameters
    ----------
    has_both_clocks
        Whether the extract names the time of recording; what was written over is then what an earlier extract recorded as its own.
    """
    kind = one_at_a_time(name)
    if not kind or not work.ledger.files(name):
        return None
    recorded = _recorded_by_extracts(work, name) if has_both_clocks else "true"
    if not work.number(f"SELECT count(*) FROM {work.in_ledger(name)} WHERE {kind.where} AND occurred_at < recorded_at AND {recorded}"):
        return None
    order = packed(["recorded_at", *kind.values])
    last = _WRITTEN_OVER.format(
        key=listed(kind.key),
        value=packed(kind.values),
        order=order,
        ordered=kind.is_ordered("h"),
        held=work.in_ledger(name),
        where=kind.where,
        seen=work.seen,
        recorded=_recorded_by_extracts(work, name, "max(recorded_at)") if has_both_clocks else "true",
    )
    path = work.write(last)
    if not work.rows(path):
        return None
    clocks = [*kind.key, "recorded_at"] if has_both_clocks else kind.key
    return _RETURNING.format(
        columns=listed(columns_of(name)),
        incoming=incoming,
        where=kind.where,
        last=f"read_parquet({literal(path)})",
        held=work.in_ledger(name),
        imported=work.in_import(name),
        same_key=same("w", "l", kind.key),
        its_value=packed(kind.values, "w"),
        other_value=packed(kind.values, "x"),
        ordered=kind.is_ordered("w"),
        is_on_record=same("w", "h", [*clocks, *kind.values]),
        is_earlier="w.recorded_at < l.last_at" if has_both_clocks else "true",
        same_moment=same("w", "x", kind.key),
        same_fact=same("w", "i", columns_of(name, but=["recorded_at"])),
        seen=work.seen,
    )


def _recorded_by_extracts(work: Workspace, name: str, moment: str = "recorded_at") -> str:
    """Whether a moment is that of an extract that brought facts of a table, in SQL."""
    times = ", ".join(map(literal, work.extract_times(name)))
    return f"{moment} IN ({times})" if times else "false"


_CORRECTED = """
    WITH fresh AS (SELECT *, {where} AS is_asked FROM ({new})),
    ties AS (SELECT held.* FROM {held} AS held WHERE {where} AND EXISTS (SELECT 1 FROM fresh AS f WHERE {same_key})),
    told AS (SELECT {key}, recorded_at, bool_and({ordered_tie}) AS ordered FROM ties GROUP BY ALL),
    last AS (SELECT {key}, arg_max({value}, {order}) AS value FROM ties WHERE recorded_at <= {seen} GROUP BY ALL),
    judged AS (
        SELECT {columns}, fresh."row", fresh.is_asked AND told.ordered IS NOT NULL AND NOT (told.ordered AND {ordered}) AS clashes,
               {fresh_value} IS NOT DISTINCT FROM last.value AS is_last
        FROM fresh LEFT JOIN told ON {same_clocks} LEFT JOIN last ON {same_last})
    SELECT * EXCLUDE (clashes, is_last) REPLACE (if(clashes, {seen}, recorded_at) AS recorded_at)
    FROM judged WHERE NOT (clashes AND is_last)"""

_WRITTEN_OVER = """
    SELECT {key}, arg_max({value}, {order}) AS value, arg_max({ordered}, {order}) AS ordered, max(recorded_at) AS last_at
    FROM {held} AS h WHERE {where} AND recorded_at <= {seen}
    GROUP BY {key} HAVING min(hash({value})) <> max(hash({value})) AND {recorded}"""

_RETURNING = """
    WITH wanted AS (SELECT {columns}, min("row") AS "row" FROM {incoming} WHERE {where} GROUP BY {columns})
    SELECT w.* REPLACE ({seen} AS recorded_at) FROM (SELECT w.* FROM wanted AS w JOIN {last} AS l ON {same_key}
        WHERE {its_value} IS DISTINCT FROM l.value AND NOT (l.ordered AND {ordered}) AND {is_earlier}
          AND EXISTS (SELECT 1 FROM {held} AS h WHERE {is_on_record})
          AND NOT EXISTS (SELECT 1 FROM wanted AS x WHERE {same_moment} AND {other_value} IS NOT DISTINCT FROM l.value)
    ) AS w WHERE NOT EXISTS (SELECT 1 FROM {imported} AS i WHERE {same_fact} AND i.recorded_at = {seen})"""
