"""Compiled queries: SQL that computes a plan's features, written once for every moment, connection and batch.

Ibis takes longer to write them than DuckDB to run them on the ledger of a small company.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import ibis
import ibis.expr.types as ir
from ibis.expr.operations import Relation

from dealml.features.aggregate import aggregate, filled, grouping, left_joined, own_aggregates, value_of
from dealml.features.calendar import Clock, end_of_day
from dealml.features.definition import Feature
from dealml.features.derived_facts import RECORDS
from dealml.features.group_history import Record, record_of, with_company
from dealml.features.linear.aggregation import IntervalAggregation
from dealml.features.plan import CLOCK, entity_columns
from dealml.features.point_in_time import MOMENT
from dealml.ledger.entities import ENTITIES

COMPANY, BATCH = "company__", "batch__"
"""What the names of tables begin with: those of the whole company, made once, and those of a batch. Whoever runs a script puts names of
their own there."""
ROW = "_row"
"""The column that says which snapshot a row belongs to."""
MOMENTS = f"{BATCH}moments"
"""The table that holds `ROW`, the entity's columns, `as_of` and `known_by` of a batch."""

_DAY_OF = {name: f"_{name}_day" for name in MOMENT}


@dataclass(frozen=True)
class CompiledQueries:
    """Queries by the name of the table that each makes, in order: each is made from the ledger's tables and earlier ones."""

    company: Mapping[str, str]
    """Run once: what all deals and accounts tell of a segment, stage or currency."""
    batch: Mapping[str, str]
    """Run for each batch; the last one gives `ROW` and a column for each feature."""


def with_prefix(queries: Mapping[str, str], prefix: str, new_prefix: str) -> dict[str, str]:
    """Replace the prefixes `COMPANY` and `BATCH` of the queries' table names."""
    return {name.replace(prefix, new_prefix): query.replace(prefix, new_prefix) for name, query in queries.items()}


class _Draft:
    """Queries under names that are given in order."""

    def __init__(self, prefix: str) -> None:
        self.prefix, self.queries = prefix, dict[str, str]()

    def add(self, table: ir.Table) -> ir.Table:
        """Write a query, and give its table for later ones to be made from."""
        name = f"{self.prefix}{len(self.queries):03d}"
        self.queries[name] = _sql(table.op())
        return ibis.table(table.schema(), name=name)

    def add_sql(self, query: str, schema: ibis.Schema) -> ir.Table:
        """The same for a query in SQL."""
        name = f"{self.prefix}{len(self.queries):03d}"
        self.queries[name] = query
        return ibis.table(schema, name=name)


@lru_cache(maxsize=512)
def _sql(operation: Relation) -> str:
    """The SQL of a query; projects with the same features share it, although each has loaded functions of its own."""
    return str(ibis.to_sql(operation.to_expr(), dialect="duckdb", pretty=False))


@lru_cache(maxsize=32)
def compile_queries(
    features: tuple[Feature, ...], entity: str, tables: tuple[tuple[str, ibis.Schema], ...], few: int | None = None, in_utc: bool = True
) -> CompiledQueries:
    """The queries for features.

    Parameters
    ----------
    features
        From a plan: each after what it needs.
    entity
        `deal_id` or `account_id`.
    tables
        The names of the ledger's tables and their columns; a query finds each under `COMPANY` and its name.
    few
        The facts of entities with more snapshots than these are summed up by intervals (`dealml.features.linear`): more steps, and each
        fact looked at once. None is for no entity.
    in_utc
        Whether the company's zone is UTC.
    """
    ledger = {name: ibis.table(columns, name=f"{COMPANY}{name}") for name, columns in tables}
    entity_features = sorted((f for f in features if f.entity in ENTITIES and f.facts not in RECORDS), key=grouping)
    keyed = sorted((f for f in features if f.entity and f not in entity_features), key=grouping)
    company, batch = _Draft(f"{COMPANY}record_"), _Draft(f"{BATCH}step_")
    record = record_of(ledger, keyed, features, company.add)
    columns = {ROW: "int64"} | dict.fromkeys(entity_columns(entity), "string") | dict.fromkeys(MOMENT, "timestamp('UTC')")
    aggregated = aggregate if few is None else IntervalAggregation(batch, few, in_utc=in_utc)
    table = _with_entity_features(batch, ibis.table(columns, name=MOMENTS), ledger, entity_features, aggregated)
    table = _with_records(batch, table, record, keyed)
    batch.add(_with_formulas(table, [f for f in features if f.entity is None]).select(ROW, *(f.name for f in features)))
    return CompiledQueries(company.queries, batch.queries)


def _with_entity_features(
    draft: _Draft, table: ir.Table, ledger: Mapping[str, ir.Table], features: Sequence[Feature], aggregated: Callable[..., ir.Table]
) -> ir.Table:
    """What the facts of the snapshots' own deals and accounts say."""
    tables = [draft.add(values) for values in own_aggregates(table, ledger, features, draft.add, aggregated)]
    days = {_DAY_OF[name]: end_of_day(table[name]) for name in MOMENT}
    return draft.add(filled(left_joined(table, tables), features).mutate(**days))


def _with_records(draft: _Draft, table: ir.Table, record: Record, keyed: Sequence[Feature]) -> ir.Table:
    """What the company's record says of the snapshots' keys: segment, stage, currency."""
    tables = []
    for (key, facts), group in groupby(keyed, key=grouping):
        # A group's history changes at midnight only, so that it is computed once a day and not once a snapshot.
        at = {name: _DAY_OF[name] if facts in RECORDS else name for name in MOMENT}
        moments = table.select(key, **{name: table[column] for name, column in at.items()}).distinct()
        moments = with_company(moments, record, facts) if facts in RECORDS else moments
        values = aggregate(moments, record[key, facts], key, list(group))
        tables.append(draft.add(values.rename({column: name for name, column in at.items()})))
    return filled(left_joined(table, tables), keyed)


def _with_formulas(table: ir.Table, formulas: Sequence[Feature]) -> ir.Table:
    for feature in formulas:
        parts = [Clock(table.as_of) if need == CLOCK else table[need] for need in feature.needs]
        table = filled(table.mutate(**{feature.name: value_of(feature, *parts)}), [feature])
    return table
