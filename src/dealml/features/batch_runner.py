"""Batch runner: temporary tables, each made from earlier ones, computed anew for every batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from types import TracebackType

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from dealml.features.compiled_queries import BATCH, MOMENTS, ROW, with_prefix
from dealml.features.point_in_time import MOMENT

_HASH = "_hash"


class BatchRunner:
    """The queries of a script that are run for each batch of snapshots.

    Parameters
    ----------
    con
        Where the tables are.
    snapshots
        What to take batches of.
    keys
        The columns of the entity; rows with the same first one stay in one batch.
    queries
        The steps, by the name of the table that each makes; the last gives `ROW` and what was computed.
    rows_a_batch
        About how many rows make a batch.
    """

    def __init__(self, con: Backend, snapshots: ir.Table, keys: Sequence[str], queries: Mapping[str, str], rows_a_batch: int) -> None:
        self._con, prefix = con, ibis.util.gen_name("batch") + "__"
        self._whole, self._moments = f"{prefix}whole", MOMENTS.replace(BATCH, prefix)
        self._columns = ", ".join((ROW, *keys, *MOMENT))
        self._queries = with_prefix(queries, BATCH, prefix)
        self._make(self._whole, f"SELECT *, row_number() OVER () AS {ROW}, hash({keys[0]}) AS {_HASH} FROM ({con.compile(snapshots)})")
        (rows,) = con.raw_sql(f'SELECT count(*) FROM "{self._whole}"').fetchone()
        self.batches = max(1, -(-rows // rows_a_batch))

    def __enter__(self) -> BatchRunner:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for name in (self._whole, self._moments, *self._queries):
            self._con.raw_sql(f'DROP TABLE IF EXISTS "{name}"')

    def run(self, number: int) -> pa.Table:
        """The snapshots of a batch with what was computed.

        A table goes as soon as no later step needs it, so that memory holds few at a time.
        """
        batch = f'FROM "{self._whole}" WHERE mod({_HASH}, {self.batches}) = {number}'
        self._make(self._moments, f"SELECT {self._columns} {batch}")
        *before, last = self._queries.items()
        for name, query in before:
            self._make(name, query)
            for done in self._done_after[name]:
                self._con.raw_sql(f'DROP TABLE "{done}"')
        computed = f"SELECT * EXCLUDE ({ROW}, {_HASH}) FROM (SELECT * {batch}) JOIN ({last[1]}) USING ({ROW})"
        return self._con.con.sql(computed).to_arrow_table()

    @cached_property
    def _done_after(self) -> dict[str, list[str]]:
        """By step the earlier tables that it is the last one to be made from."""
        droppable: dict[str, list[str]] = {name: [] for name in self._queries}
        for earlier in self._queries:
            users = [name for name, query in self._queries.items() if earlier in query]
            if users:
                droppable[users[-1]].append(earlier)
        return droppable

    def _make(self, name: str, query: str) -> None:
        self._con.raw_sql(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {query}')
