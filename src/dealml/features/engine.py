"""The engine: join each snapshot to what was known by then, aggregate, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import groupby

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from dealml.features.calendar import Clock
from dealml.features.definition import Feature
from dealml.features.known import MOMENT, Facts, known_facts
from dealml.features.plan import CLOCK, Plan
from dealml.features.sources import (
    PASSAGES,
    SOURCES,
    closings,
    departures,
    departures_by,
    end_of_day,
    results_by,
)

Tables = Mapping[str, ir.Table]
ROWS_A_BATCH = 100_000


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
        own = [f for f in plan.features if f.entity in ("deal_id", "account_id") and f.facts not in ("results", "departures")]
        self._own = sorted(own, key=_grouping)
        self._records = sorted((f for f in plan.features if f.entity and f not in own), key=_grouping)
        self._formulas = [f for f in plan.features if f.entity is None]
        self._tallies = {(f.entity, f.facts): self._tally(str(f.entity), str(f.facts)) for f in self._records}

    def compute(self, snapshots: ir.Table, rows_a_batch: int = ROWS_A_BATCH,
                progress: Callable[[int, int], None] = lambda done, of: None) -> Iterator[pa.Table]:
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
        for number in range(batches):
            part = snapshots if batches == 1 else snapshots.filter(snapshots[self.entity].hash().abs() % batches == number)
            moments = self.con.create_table(f"_moments_{number}", part, temp=True)
            yield self.of(moments).to_pyarrow()
            self.con.raw_sql(f"DROP TABLE _moments_{number}")  # Ibis 12 loses the name of a temporary table to drop
            progress(number + 1, batches)

    def of(self, snapshots: ir.Table) -> ir.Table:
        """The feature table of some snapshots, as an expression."""
        table = reduce(_left_join, self._own_aggregates(snapshots), snapshots)
        table = _with_empties(table, self._own)
        table = self._with_records(table)
        for feature in self._formulas:
            parts = [Clock(table.as_of) if need == CLOCK else table[need] for need in feature.needs]
            table = _with_empties(table.mutate(**{feature.name: feature.expression(*parts)}), [feature])
        return table.select(*snapshots.columns, *(_plain(table[f.name]).name(f.name) for f in self.plan.features))

    def _own_aggregates(self, snapshots: ir.Table) -> Iterator[ir.Table]:
        for (entity, facts), features in groupby(self._own, key=_grouping):
            moments = snapshots.select(entity, *MOMENT).distinct()
            yield _aggregate(moments, self._facts_of(moments, entity, facts), entity, list(features))

    def _facts_of(self, moments: ir.Table, entity: str, facts: str) -> ir.Table:
        if facts in SOURCES:
            source = SOURCES[facts]
            return source.make({name: self._of_entities(moments, entity, name) for name in source.needs})
        return self._of_entities(moments, entity, facts)

    def _of_entities(self, moments: ir.Table, entity: str, name: str) -> ir.Table:
        """A table's rows of the batch's entities only, so that what is windowed over them stays small."""
        return self.tables[name].semi_join(moments, entity)

    def _with_records(self, table: ir.Table) -> ir.Table:
        days = {name: end_of_day(table[name]) for name in MOMENT}
        for (key, facts), group in groupby(self._records, key=_grouping):
            features = list(group)
            keyed = table.select(key, **days).distinct()
            found = _aggregate(keyed, self._tallies[key, facts], key, features)
            found = found.rename(_key=key, _day=MOMENT[0], _known_day=MOMENT[1])
            joined = table.left_join(found, [table[key] == found["_key"], end_of_day(table.as_of) == found["_day"],
                                             end_of_day(table.known_by) == found["_known_day"]])
            table = _with_empties(joined.drop("_key", "_day", "_known_day"), features)
        return table

    def _tally(self, key: str, facts: str) -> ir.Table:
        if facts == "passages":
            made = PASSAGES.make(self.tables).rename({key: "stage"})
        else:
            made = (results_by if facts == "results" else departures_by)(key, self._keyed(key, facts))
        return self.con.create_table(f"_{facts}_by_{key}", made.mutate(_order=ibis.row_number()), temp=True)

    def _keyed(self, key: str, facts: str) -> ir.Table:
        """Closings or departures with the value that a key had just before."""
        events, entity = (closings(self.tables), "deal_id") if facts == "results" else (departures(self.tables), "account_id")
        if key in events.columns:
            return events
        feature = next(f for f in self.plan.features if f.name == key)
        # A start is told with the account's first attributes, so accounts are looked at when the day is over.
        at = events.recorded_at if facts == "results" else end_of_day(events.recorded_at) + ibis.interval(days=1)
        moments = events.select(entity, as_of=at, known_by=at, _recorded=events.recorded_at)
        values = _aggregate(moments.select(entity, *MOMENT).distinct(), self.tables[str(feature.facts)], entity, [feature])
        keyed = _left_join(moments, values).select(entity, key, recorded_at="_recorded").distinct()
        return events.inner_join(keyed, [entity, "recorded_at"]).drop(f"{entity}_right", "recorded_at_right")


def _grouping(feature: Feature) -> tuple[str, str]:
    return str(feature.entity), str(feature.facts)


def _aggregate(moments: ir.Table, facts: ir.Table, entity: str, features: Sequence[Feature]) -> ir.Table:
    known = known_facts(moments, facts, entity)
    seen = Facts(known)
    return known.group_by(entity, *MOMENT).agg(**{feature.name: feature.expression(seen) for feature in features})


def _left_join(left: ir.Table, right: ir.Table) -> ir.Table:
    keys = [name for name in right.columns if name in left.columns]
    joined = left.left_join(right, keys)
    return joined.drop(*(f"{key}_right" for key in keys))


def _with_empties(table: ir.Table, features: Sequence[Feature]) -> ir.Table:
    fills = {f.name: table[f.name].fill_null(f.empty) for f in features if f.empty is not None}
    return table.mutate(**fills) if fills else table


def _plain(value: ir.Value) -> ir.Value:
    """Text stays text; every number is a double, so that a feature is the same on every backend."""
    if value.type().is_string():
        return value
    return value.cast("int64").cast("float64") if value.type().is_boolean() else value.cast("float64")
