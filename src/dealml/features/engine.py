"""The engine: join each snapshot to the facts known by then, and aggregate, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from dealml.features.batch_runner import BatchRunner
from dealml.features.compiled_queries import COMPANY, compile_queries, with_prefix
from dealml.features.derived_facts import RECORDS, tables_needed
from dealml.features.plan import Plan, entity_columns
from dealml.ledger.entities import ENTITIES

Tables = Mapping[str, ir.Table]
ROWS_A_BATCH = 200_000
FEW = 8
"""Entities with no more snapshots than this keep the join, whose cost they bound: intervals of so few save nothing."""
MANY_PAIRS = 10_000_000
"""Of a fact and a later snapshot of its entity: with fewer, intervals save less than their steps cost."""


class Engine:
    """Computes the features of a plan over one connection.

    Parameters
    ----------
    con
        The connection that the tables belong to.
    tables
        The known tables of the ledger (`known_tables`).
    plan
        The features to compute.
    entity
        `deal_id` or `account_id`.
    """

    def __init__(self, con: Backend, tables: Tables, plan: Plan, entity: str) -> None:
        self.con, self.entity = con, entity
        self._request = plan.features, entity, tuple((name, table.schema()) for name, table in tables.items())
        script = compile_queries(*self._request)
        self._company = company = ibis.util.gen_name("company") + "__"
        self._queries = with_prefix(script.batch, COMPANY, company)
        for name, table in tables.items():
            con.raw_sql(f'CREATE TEMP VIEW "{company}{name}" AS {con.compile(table)}')
        for name, query in with_prefix(script.company, COMPANY, company).items():
            con.raw_sql(f'CREATE TEMP TABLE "{name}" AS {query}')

    def compute(
        self, snapshots: ir.Table, rows_a_batch: int = ROWS_A_BATCH, progress: Callable[[int, int], None] = lambda done, of: None
    ) -> Iterator[pa.Table]:
        """Yield the feature table in batches of whole entities.

        Parameters
        ----------
        snapshots
            The entity's column, `as_of` and `known_by`; for deals also `account_id`.

        Yields
        ------
        Table
            The snapshots' columns, then a column for each feature.
        """
        queries = self._by_intervals() if self._is_worth_intervals(snapshots) else self._queries
        with BatchRunner(self.con, snapshots, entity_columns(self.entity), queries, rows_a_batch) as steps:
            for number in range(steps.batches):
                yield steps.run(number)
                progress(number + 1, steps.batches)

    def _is_worth_intervals(self, snapshots: ir.Table) -> bool:
        """Whether joining each fact to every later snapshot costs more than the steps that look at each fact once."""
        query = "SELECT sum(n * n) / sum(n) FROM (SELECT count(*) AS n FROM ({}) GROUP BY {}) HAVING max(n) > {}"
        usual = self.con.raw_sql(query.format(self.con.compile(snapshots), self.entity, FEW)).fetchone()
        # A fact is joined to half of the snapshots of its entity.
        return usual is not None and self._facts * float(usual[0]) / 2 >= MANY_PAIRS

    @cached_property
    def _facts(self) -> int:
        """How many facts of entities the features sum up."""
        own = [feature for feature in self._request[0] if feature.entity in ENTITIES and feature.facts not in RECORDS]
        tables = {name for feature in own for name in tables_needed(str(feature.facts))}
        return sum(self.con.raw_sql(f'SELECT count(*) FROM "{self._company}{name}"').fetchone()[0] for name in sorted(tables))

    def _by_intervals(self) -> dict[str, str]:
        (zone,) = self.con.raw_sql("SELECT current_setting('TimeZone')").fetchone()
        script = compile_queries(*self._request, few=FEW, in_utc=zone == "UTC")
        return with_prefix(script.batch, COMPANY, self._company)
