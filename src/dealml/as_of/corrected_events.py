"""Corrected events: what was corrected since holds no longer, and a correction is no other event.

Tables in which something was corrected have hidden columns, which all readers of the table can ask; other tables have none of them:

- `SUPERSEDED`: when a corrected row of the same event went on record, from then on this one holds no longer; null where it holds;
- `FIRST_TOLD`: when the event first went on record, by whatever row;
- `IS_REPEATED`: whether the row corrects one of the same entity, which had the event already;
- `MOVED_AT`: when a corrected row gave the event to another entity; null where none did.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from dealml.ledger.corrections import CORRECTED, FIRST_RECORDED, REPLACED, corrections_of
from dealml.ledger.ledger import Ledger
from dealml.ledger.schema import TABLES
from dealml.ledger.sql import literal

SUPERSEDED, FIRST_TOLD, IS_REPEATED, MOVED_AT = "_superseded_at", "_first_told_at", "_is_repeated", "_moved_at"
HIDDEN = (SUPERSEDED, FIRST_TOLD, IS_REPEATED, MOVED_AT)

_MARKED = """
    CREATE TEMP TABLE "{made}" AS
    WITH corrections AS (SELECT * FROM read_parquet({files}) WHERE {known})
    SELECT f.*, o.recorded_at AS {superseded}, coalesce(n.{first}, f.recorded_at) AS {told},
           n.recorded_at IS NOT NULL AND n.{entity} IS NOT DISTINCT FROM n.{prefix}{entity} AS {repeated},
           CASE WHEN o.{entity} IS DISTINCT FROM o.{prefix}{entity} THEN o.recorded_at END AS {moved}
    FROM ({facts}) f LEFT JOIN corrections o ON {is_old} LEFT JOIN corrections n ON {is_new}"""


def with_corrections(con: Backend, ledger: Ledger, tables: Mapping[str, ir.Table], before: datetime | None) -> dict[str, ir.Table]:
    """Tables with the hidden columns where something was corrected before a moment; without it, ever."""
    return {name: _marked(con, ledger, name, table, before) if name in CORRECTED else table for name, table in tables.items()}


def _marked(con: Backend, ledger: Ledger, name: str, table: ir.Table, before: datetime | None) -> ir.Table:
    files = ledger.files(corrections_of(name))
    if not files:
        return table
    made, columns = ibis.util.gen_name(f"marked_{name}"), [column.name for column in TABLES[name].columns]
    query = _MARKED.format(
        made=made,
        files=[str(path) for path in files],
        known="true" if before is None else f"recorded_at < {literal(before)}",
        superseded=SUPERSEDED,
        first=FIRST_RECORDED,
        told=FIRST_TOLD,
        entity=TABLES[name].entity,
        prefix=REPLACED,
        repeated=IS_REPEATED,
        moved=MOVED_AT,
        facts=con.compile(table),
        is_old=" AND ".join(f'f."{column}" IS NOT DISTINCT FROM o."{REPLACED}{column}"' for column in columns),
        is_new=" AND ".join(f'f."{column}" IS NOT DISTINCT FROM n."{column}"' for column in columns),
    )
    con.raw_sql(query)
    return con.table(made)


def holds_at(facts: ir.Table, moment: ir.Value) -> ir.BooleanValue:
    """Which facts of a table were not corrected before a moment, strictly; all where nothing was corrected."""
    if SUPERSEDED not in facts.columns:
        return ibis.literal(True)
    superseded: ir.BooleanValue = facts[SUPERSEDED].isnull() | (facts[SUPERSEDED] >= moment)
    return superseded


def what_holds(facts: ir.Table) -> ir.Table:
    """The facts of a table that nothing on record corrects, without the hidden columns."""
    if SUPERSEDED not in facts.columns:
        return facts
    return facts.filter(facts[SUPERSEDED].isnull()).drop(*HIDDEN)


def with_hidden_columns(facts: ir.Table) -> ir.Table:
    """A table with the hidden columns also where nothing was corrected, for readers that are written in SQL."""
    if SUPERSEDED in facts.columns:
        return facts
    never = ibis.null("timestamp('UTC')")
    return facts.mutate(**{SUPERSEDED: never, FIRST_TOLD: facts.recorded_at, IS_REPEATED: ibis.literal(False), MOVED_AT: never})
