"""The ledger's tables as they were known before a moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from dealml.as_of.corrected_events import FIRST_TOLD, what_holds, with_corrections
from dealml.as_of.lives_form import AS_RECORDED, LIVES, in_lives, resolved
from dealml.ledger.fact_files import stored_facts
from dealml.ledger.ledger import Ledger
from dealml.ledger.schema import TABLES


def known_tables(con: Backend, ledger: Ledger, before: datetime | None = None) -> dict[str, ir.Table]:
    """The ledger's tables, cut to what was recorded strictly before a moment, in the form of lives (`dealml.as_of.lives_form`).

    Each row has `_order`, its place by time of occurrence, then of recording, then in sequence; the
    remaining columns make it definite whatever the order of files and rows. Tables in which something was corrected have the hidden
    columns of `dealml.as_of.corrected_events`.
    """
    return {
        name: table if name.startswith(LIVES) else in_order(table, name.removesuffix(AS_RECORDED), _entity_of(name))
        for name, table in in_lives(con, _cut_tables(con, ledger, before)).items()
    }


def tables_at(con: Backend, ledger: Ledger, at: datetime) -> dict[str, ir.Table]:
    """The ledger's tables as known before a moment, under the ids that records have then, with `_order`.

    For readers that look from one moment only: what is merged by then is one record, and what is deleted or corrected by then is not there.
    """
    tables = resolved(con, _cut_tables(con, ledger, at), at)
    return {name: what_holds(in_order(table, name, _entity_of(name))) for name, table in tables.items()}


def in_order(table: ir.Table, name: str, entity: str | None) -> ir.Table:
    """A fact table's rows with `_order`, their place within each entity (within the table when that is None)."""
    keys = [table[key] for key in _order_keys(name, entity)]
    if FIRST_TOLD in table.columns:
        # A correction changes what is known of an event, not its place among others of the same moment.
        keys.insert(1, table[FIRST_TOLD])
    return table.mutate(_order=ibis.row_number().over(group_by=[table[entity]] if entity else [], order_by=keys))


def order_of(name: str) -> str:
    """The SQL of `_order`: the place of a fact within its entity."""
    entity = TABLES[name].entity
    return f"row_number() OVER (PARTITION BY {entity} ORDER BY {', '.join(_order_keys(name, entity))})"


def _order_keys(name: str, entity: str | None) -> list[str]:
    # The declared order of values, their number, decides before the remaining columns do.
    remaining = sorted((c.name for c in TABLES[name].fact_columns if c.name != entity), key=lambda column: column != "number")
    return ["occurred_at", "recorded_at", "sequence", *remaining]


def _cut_tables(con: Backend, ledger: Ledger, before: datetime | None) -> dict[str, ir.Table]:
    tables = {name: _read(con, name, paths, before) for name, paths in ledger.files_by_table.items()}
    return with_corrections(con, ledger, tables, before)


def _read(con: Backend, name: str, paths: Sequence[Path], before: datetime | None) -> ir.Table:
    con.raw_sql(f'CREATE OR REPLACE TEMP VIEW "raw_{name}" AS SELECT * FROM {stored_facts(TABLES[name], paths)}')
    table = con.table(f"raw_{name}").select([column.name for column in TABLES[name].columns])
    return table if before is None else table.filter(table.recorded_at < before)


def _entity_of(name: str) -> str | None:
    # Activities belong to a deal or to an account, so only a common order serves both.
    plain = name.removesuffix(AS_RECORDED)
    return None if plain == "activities" else TABLES[plain].entity
