"""Ways: how each feature is computed over many snapshots, for people (`dealml features --plan`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import ibis
import ibis.expr.types as ir

from dealml.features.aggregate import value_of
from dealml.features.definition import Feature
from dealml.features.derived_facts import RECORDS, SOURCES, tables_needed
from dealml.features.linear.aggregation import symbol_of_past
from dealml.features.linear.pieces import Way, pieces_of
from dealml.features.point_in_time import PastFacts
from dealml.ledger.entities import ENTITIES
from dealml.ledger.schema import TABLES

_RANKS: dict[Way, int] = {"linear": 0, "window": 1, "join": 2}


@dataclass(frozen=True)
class FeatureWay:
    """How one feature is computed."""

    name: str
    way: str
    """`linear`: each fact once. `window`: each fact for the snapshots of its days. `join`: each fact for every later snapshot. `formula`:
    from other features."""
    why: str


def ways_of(features: Iterable[Feature]) -> Iterator[FeatureWay]:
    """How each feature is computed where no facts were corrected and no people merged; those entities are joined."""
    for feature in features:
        yield _way(feature)


def _way(feature: Feature) -> FeatureWay:
    if feature.entity is None:
        return FeatureWay(feature.name, "formula", f"of {', '.join(feature.needs)}")
    if feature.facts in RECORDS:
        return FeatureWay(feature.name, "join", "the company's record, once for each day and value")
    if feature.entity not in ENTITIES:
        return FeatureWay(feature.name, "join", f"the facts of each {feature.entity}")
    past = symbol_of_past(_facts(str(feature.facts)), feature.entity)
    pieces = list(pieces_of(value_of(feature, PastFacts(past))))
    way = max((piece.way for piece in pieces), key=_RANKS.__getitem__)
    return FeatureWay(feature.name, way, ", ".join(sorted({piece.why for piece in pieces if piece.way == way})))


@lru_cache(maxsize=64)
def _facts(name: str) -> ir.Table:
    tables = {
        table: ibis.table(ibis.Schema.from_pyarrow(TABLES[table].schema) | {"_order": "int64"}, name=table) for table in tables_needed(name)
    }
    return SOURCES[name].make(tables) if name in SOURCES else tables[name]
