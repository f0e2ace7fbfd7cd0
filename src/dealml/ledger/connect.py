"""A DuckDB connection on the ledger: every table as it was known before a moment."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from dealml.ledger.ledger import Ledger
from dealml.ledger.tables import TABLES


@dataclass(frozen=True)
class Limits:
    """How much of the machine a query may use."""

    memory: str = "1GB"
    threads: int = 2


def connect(limits: Limits = Limits()) -> Backend:  # noqa: B008  (frozen)
    """An in-process DuckDB within limits, in UTC."""
    con = ibis.duckdb.connect(memory_limit=limits.memory, threads=limits.threads, preserve_insertion_order=False,
                              temp_directory=tempfile.gettempdir())
    con.raw_sql("SET TimeZone = 'UTC'")
    return con


def known_tables(con: Backend, ledger: Ledger, before: datetime | None = None) -> dict[str, ir.Table]:
    """The ledger's tables, cut to what was recorded strictly before a moment.

    Each row has `_order`, its place by time of occurrence, then of recording, then in sequence; the
    remaining columns make it definite whatever the order of files and rows.
    """
    return {name: _ordered(_read(con, ledger, name, before), name) for name in ledger.tables}


def _read(con: Backend, ledger: Ledger, name: str, before: datetime | None) -> ir.Table:
    paths = [str(path) for path in ledger.files(name)]
    table = con.read_parquet(paths, table_name=name)
    return table if before is None else table.filter(table.recorded_at < before)


def _ordered(table: ir.Table, name: str) -> ir.Table:
    definition = TABLES[name]
    keys = ["occurred_at", "recorded_at", "sequence", *(c.name for c in definition.own)]
    return table.mutate(_order=ibis.row_number().over(group_by=_entity_of(table, name), order_by=[table[k] for k in keys]))


def _entity_of(table: ir.Table, name: str) -> list[ir.Value]:
    # Activities belong to a deal or to an account, so only a common order serves both.
    return [] if name == "activities" else [table[TABLES[name].own[0].name]]
