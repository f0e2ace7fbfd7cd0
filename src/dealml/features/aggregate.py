"""Aggregation of known facts, shared by the engine and the group history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir

from dealml.as_of.known_tables import in_order
from dealml.as_of.lives_form import LIVES
from dealml.errors import InputError
from dealml.features.definition import Feature
from dealml.features.derived_facts import EXACT, SOURCES, tables_needed
from dealml.features.point_in_time import MOMENT, PastFacts, known_facts

Tables = Mapping[str, ir.Table]


def grouping(feature: Feature) -> tuple[str, str]:
    """The grouping that a feature aggregates over; features with the same grouping are computed together."""
    return str(feature.entity), str(feature.facts)


def own_aggregates(
    snapshots: ir.Table,
    tables: Tables,
    features: Sequence[Feature],
    keep: Callable[[ir.Table], ir.Table] = lambda table: table,
    aggregated: Callable[..., ir.Table] | None = None,
) -> Iterator[ir.Table]:
    """For each kind of facts, the features of deals or accounts that sum up their own facts.

    Parameters
    ----------
    keep
        What to do with the facts of the snapshots' entities, which several kinds may be made from.
    aggregated
        How to sum up facts: `aggregate`, unless another way that gives the same is named.
    """
    of_entities: dict[tuple[str, str], ir.Table] = {}
    for (entity, facts), group in groupby(sorted(features, key=grouping), key=grouping):
        moments = snapshots.filter(snapshots[entity].notnull()).select(entity, *MOMENT).distinct()
        for name in tables_needed(facts):
            if entity in tables[name].columns and (entity, name) not in of_entities:
                # These rows only, so that what is put in order stays small.
                ordered = tables[name].drop("_order").semi_join(moments, entity)
                of_entities[entity, name] = keep(in_order(ordered, name, entity))
        inputs = {name: of_entities.get((entity, name), tables[name]) for name in tables_needed(facts)}
        made = SOURCES[facts].make(inputs) if facts in SOURCES else inputs[facts]
        yield (aggregated or aggregate)(moments, made, entity, list(group), tables.get(f"{LIVES}contact_id"))


def aggregate(moments: ir.Table, facts: ir.Table, entity: str, features: Sequence[Feature], contacts: ir.Table | None = None) -> ir.Table:
    """One row for each moment that knows facts, one column for each feature; `contacts` are the lives of contacts."""
    past = known_facts(moments, facts, entity, contacts)
    seen = PastFacts(past)
    return past.group_by(entity, *MOMENT).agg(**{feature.name: value_of(feature, seen) for feature in features})


def value_of(feature: Feature, *parts: Any) -> ir.Value:
    """The expression of a feature's function over facts, or over other features.

    Raises
    ------
    InputError
        When it asks for what it may not see, or does not give one value.
    """
    where = f"features/{feature.subject}.py: {feature.name}"
    try:
        value = feature.expression(*parts)
    except Exception as error:  # whatever an analyst's function raises
        raise InputError(f"{where}: {error}") from error
    if not isinstance(value, ir.Value) or (feature.entity and not isinstance(value, ir.Scalar)):
        raise InputError(f"{where} must return one value for all its facts, such as a count, a maximum or the latest")
    return _with_exact_sums(value)


def _with_exact_sums(value: ir.Value) -> ir.Value:
    """Sum and average fractions as decimals: a sum of doubles depends on the order of rows in its last digits."""

    def exact(node: ops.Node, kwargs: Mapping[str, Any] | None) -> ops.Node:
        node = node.__recreate__(kwargs) if kwargs else node
        if isinstance(node, ops.Mean) and not node.arg.dtype.is_decimal():
            total = ops.Sum(_number(node.arg), node.where)
            return ops.Divide(exact(total, None) if node.arg.dtype.is_floating() else total, ops.Count(node.arg, node.where))
        if isinstance(node, ops.Sum) and node.arg.dtype.is_floating():
            return ops.Cast(ops.Sum(ops.Cast(node.arg, EXACT), node.where), "float64")
        return node

    result: ir.Value = value.op().replace(exact).to_expr()
    return result


def _number(node: ops.Node) -> ops.Node:
    return ops.Cast(node, "int64") if node.dtype.is_boolean() else node


def filled(table: ir.Table, features: Sequence[Feature]) -> ir.Table:
    """A table with features as plain columns, and their empty values where there were no facts."""
    return table.mutate(**{feature.name: _filled(table[feature.name], feature) for feature in features}) if features else table


def _filled(value: ir.Value, feature: Feature) -> ir.Value:
    """Text stays text; every number is a double, so that a feature is the same on every backend."""
    if value.type().is_boolean():
        value = value.cast("int64")
    plain = value if value.type().is_string() else value.cast("float64")
    return plain if feature.empty is None else plain.fill_null(feature.empty)


def left_joined(left: ir.Table, rights: Iterable[ir.Table]) -> ir.Table:
    """All rows of the left, with the columns of each right where the columns that both have agree."""
    joined, columns = left, list(left.columns)
    for number, right in enumerate(rights):
        joined = joined.left_join(right, [name for name in right.columns if name in left.columns], rname=f"{{name}}_{number}")
        columns += [name for name in right.columns if name not in left.columns]
    return joined.select(columns)
