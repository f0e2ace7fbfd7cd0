"""Attribute pruning: keep changes of those attributes alone that features use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from dealml.features.aggregate import value_of
from dealml.features.definition import Feature
from dealml.features.derived_facts import tables_needed
from dealml.features.point_in_time import MOMENT, PastFacts, known_facts

Tables = Mapping[str, ir.Table]

FIELD = "field"
"""The column of a table of changes that names the attribute."""


def narrowed(tables: Tables, wanted: Sequence[Feature]) -> Tables:
    """Tables without changes of attributes that no wanted feature asks for: of a whole company there are very many."""
    narrow = dict(tables)
    for name in [name for name, table in tables.items() if FIELD in table.columns]:
        users = [feature for feature in wanted if name in tables_needed(str(feature.facts))]
        # A source may look at any attribute.
        if users and all(feature.facts == name for feature in users):
            attributes = used_attributes(tables[name], str(users[0].entity), users)
            narrow[name] = tables[name] if attributes is None else tables[name].filter(tables[name][FIELD].isin(attributes))
    return narrow


def used_attributes(changes: ir.Table, entity: str, features: Sequence[Feature]) -> list[str] | None:
    """The attributes that features sum up changes of; None where one of them may look at any.

    Parameters
    ----------
    changes
        A table with a column `field`.
    """
    moments = ibis.table({entity: "string"} | dict.fromkeys(MOMENT, "timestamp('UTC')"), name="moments")
    past = known_facts(moments, changes, entity)
    reductions = [node for feature in features for node in value_of(feature, PastFacts(past)).op().find(ops.Reduction)]
    attributes = [_attribute(past, node) for node in reductions]
    names = [name for name in attributes if name is not None]
    return sorted(set(names)) if len(names) == len(attributes) else None


def _attribute(past: ir.Table, node: ops.Node) -> str | None:
    """The attribute that a reduction is confined to by one of the conditions that must all hold."""
    waiting = [getattr(node, "where", None)]
    while waiting:
        condition = waiting.pop()
        if isinstance(condition, ops.And):
            waiting += [condition.left, condition.right]
        elif isinstance(condition, ops.Equals) and isinstance(condition.right, ops.Literal) and condition.left == past[FIELD].op():
            return str(condition.right.value)
    return None
