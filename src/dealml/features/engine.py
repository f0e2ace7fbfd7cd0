"""The engine: join each snapshot to what was known by then, aggregate, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby

import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from dealml.features.aggregate import aggregate, filled, grouping, left_joined, own_aggregates, value_of
from dealml.features.calendar import Clock, end_of_day
from dealml.features.known import MOMENT
from dealml.features.plan import CLOCK, Plan
from dealml.features.records import record_of
from dealml.features.sources import RECORDS
from dealml.features.steps import Steps

Tables = Mapping[str, ir.Table]
ROWS_A_BATCH = 200_000
_DAY_OF = {name: f"_{name}_day" for name in MOMENT}


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
        self.con, self.tables, self.plan, self.entity = con, tables, plan, entity
        own = [f for f in plan.features if f.entity in ("deal_id", "account_id") and f.facts not in RECORDS]
        self._own = sorted(own, key=grouping)
        self._keyed = sorted((f for f in plan.features if f.entity and f not in own), key=grouping)
        self._formulas = [f for f in plan.features if f.entity is None]
        self._records = record_of(con, tables, self._keyed, plan.features)

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
        total = int(snapshots.count().execute())
        batches = max(1, -(-total // rows_a_batch))
        with Steps(self.con, snapshots, self.entity, batches) as steps:
            table = self._with_own(steps, steps.batch)
            table = self._with_records(steps, table)
            steps.add(self._with_formulas(table).select(*snapshots.columns, *(f.name for f in self.plan.features)))
            for number in range(batches):
                yield steps.run(number)
                progress(number + 1, batches)

    def _with_own(self, steps: Steps, table: ir.Table) -> ir.Table:
        """What the facts of the snapshots' own deals and accounts say."""
        found = [steps.add(own) for own in own_aggregates(table, self.tables, self._own, steps.add)]
        days = {_DAY_OF[name]: end_of_day(table[name]) for name in MOMENT}
        return steps.add(filled(left_joined(table, found), self._own).mutate(**days))

    def _with_records(self, steps: Steps, table: ir.Table) -> ir.Table:
        """What the company's record says of the snapshots' keys: segment, stage, currency."""
        found = []
        for (key, facts), group in groupby(self._keyed, key=grouping):
            # A record is told in whole days, so that it is worked out once a day and not once a snapshot.
            at = {name: _DAY_OF[name] if facts in RECORDS else name for name in MOMENT}
            moments = table.select(key, **{name: table[column] for name, column in at.items()}).distinct()
            record = aggregate(moments, self._records[key, facts], key, list(group))
            found.append(steps.add(record.rename({column: name for name, column in at.items()})))
        return filled(left_joined(table, found), self._keyed)

    def _with_formulas(self, table: ir.Table) -> ir.Table:
        for feature in self._formulas:
            parts = [Clock(table.as_of) if need == CLOCK else table[need] for need in feature.needs]
            table = filled(table.mutate(**{feature.name: value_of(feature, *parts)}), [feature])
        return table
