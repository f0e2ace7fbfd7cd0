"""Steps: temporary tables, each made from earlier ones, that are made anew for every batch."""

from __future__ import annotations

from functools import cached_property
from types import TracebackType

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

_TEMPORARY = ("temp", "main")
_BATCH = "_batch"


class Steps:
    """The queries of a computation, written once and run for each batch: Ibis takes longer to write than DuckDB to run.

    Parameters
    ----------
    con
        Where the tables are.
    whole
        The table that the first step takes a batch of.
    entity
        Rows of one entity stay in one batch.
    batches
        Into how many batches to cut.
    """

    def __init__(self, con: Backend, whole: ir.Table, entity: str, batches: int) -> None:
        self._con, self._batches = con, batches
        self._whole, self._batch = ibis.util.gen_name("whole"), ibis.util.gen_name("batch")
        self._queries: dict[str, str] = {}
        numbered = whole.mutate(**{_BATCH: whole[entity].hash().abs() % batches})
        self._make(self._whole, con.compile(numbered))
        self._take(0)

    def __enter__(self) -> Steps:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for name in (self._whole, self._batch, *self._queries):
            self._con.raw_sql(f'DROP TABLE IF EXISTS "{name}"')

    @property
    def batch(self) -> ir.Table:
        """The rows of the present batch."""
        return self._con.table(self._batch, database=_TEMPORARY)

    def add(self, table: ir.Table) -> ir.Table:
        """Add a table that is made from earlier ones, and return it for later ones to be made from."""
        name = ibis.util.gen_name("step")
        query = str(self._con.compile(table))
        self._make(name, f"SELECT * FROM ({query}) LIMIT 0")
        self._queries[name] = query
        return self._con.table(name, database=_TEMPORARY)

    def run(self, number: int) -> pa.Table:
        """What the last step makes of a batch; a table goes as soon as no later step needs it, so that memory holds few at a time."""
        self._take(number)
        *before, last = self._queries.items()
        for name, query in before:
            self._make(name, query)
            for done in self._done_after[name]:
                self._con.raw_sql(f'DROP TABLE "{done}"')
        return self._con.con.sql(last[1]).to_arrow_table()

    @cached_property
    def _done_after(self) -> dict[str, list[str]]:
        """By step the earlier tables that it is the last one to be made from."""
        found: dict[str, list[str]] = {name: [] for name in self._queries}
        for earlier in self._queries:
            users = [name for name, query in self._queries.items() if earlier in query]
            if users:
                found[users[-1]].append(earlier)
        return found

    def _take(self, number: int) -> None:
        self._make(self._batch, f'SELECT * EXCLUDE ({_BATCH}) FROM "{self._whole}" WHERE {_BATCH} = {number}')

    def _make(self, name: str, query: str) -> None:
        self._con.raw_sql(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {query}')
