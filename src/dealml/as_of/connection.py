"""A connection to query the ledger with: an in-process DuckDB within limits."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass

import ibis
from ibis.backends.duckdb import Backend


@dataclass(frozen=True)
class QuerySettings:
    """How much of the machine a query may use."""

    memory: str = "1GB"
    threads: int = 2


def connect(settings: QuerySettings = QuerySettings()) -> Backend:  # noqa: B008  (frozen)
    """An in-process DuckDB within settings, in UTC."""
    con = ibis.duckdb.connect(
        memory_limit=settings.memory, threads=settings.threads, preserve_insertion_order=False, temp_directory=tempfile.gettempdir()
    )
    con.raw_sql("SET TimeZone = 'UTC'")
    return con
