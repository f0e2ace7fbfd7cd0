"""A connection to query the ledger with: an in-process DuckDB within limits."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import tzinfo

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from dealml.ledger.sql import literal
from dealml.moment_parsing import zone_of

_ELAPSED = "(epoch_us(finish) - epoch_us(start)) / 86400000000"
_DAYS_IN_UTC = f"CREATE TEMP MACRO days_between_calendar(start, finish, fact) AS {_ELAPSED}"
# A zone that changes its clock has days of 23 and 25 hours: dates are counted by the clock on the wall, moments by hours.
_DAYS_OF_THE_CALENDAR = f"""
    CREATE TEMP MACRO days_between_calendar(start, finish, fact) AS CASE WHEN date_trunc('day', fact) = fact
        THEN (epoch_us(finish::TIMESTAMP) - epoch_us(start::TIMESTAMP)) / 86400000000 ELSE {_ELAPSED} END"""


@dataclass(frozen=True)
class QuerySettings:
    """How much of the machine a query may use."""

    memory: str = "1GB"
    threads: int = 2
    time_zone: str = "UTC"
    """The company's zone, where days, weeks and quarters begin."""

    @property
    def zone(self) -> tzinfo:
        """The zone of the moments that are read."""
        return zone_of(self.time_zone)


def connect(settings: QuerySettings = QuerySettings()) -> Backend:  # noqa: B008  (frozen)
    """An in-process DuckDB within settings, whose calendar is that of the company's zone."""
    con = ibis.duckdb.connect(
        memory_limit=settings.memory, threads=settings.threads, preserve_insertion_order=False, temp_directory=tempfile.gettempdir()
    )
    con.raw_sql(f"SET TimeZone = {literal(settings.time_zone)}")
    con.raw_sql(_DAYS_IN_UTC if settings.time_zone == "UTC" else _DAYS_OF_THE_CALENDAR)
    return con


def temporary(con: Backend, prefix: str, rows: pa.Table) -> ir.Table:
    """Rows as a temporary table of a connection, with a name of its own that begins with a prefix."""
    name = ibis.util.gen_name(prefix)
    con.con.register(f"{name}_rows", rows)
    con.raw_sql(f'CREATE TEMP TABLE "{name}" AS SELECT * FROM "{name}_rows"')
    con.con.unregister(f"{name}_rows")
    return con.table(name)
