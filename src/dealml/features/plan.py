"""Which features a ledger can answer for an entity, and why others are absent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dealml.errors import InputError
from dealml.features.definition import Feature
from dealml.features.derived_facts import RECORDS, tables_needed
from dealml.ledger.entities import ENTITIES
from dealml.ledger.schema import TABLES

CLOCK = "clock"


@dataclass(frozen=True)
class Plan:
    """The features to compute, in an order in which each comes after what it needs."""

    features: tuple[Feature, ...]
    absent: dict[str, str]
    """Features that go away, each with the reason."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Text features and columns that other features are `per`."""
        return tuple(dict.fromkeys(f.entity for f in self.features if f.entity and f.entity not in ENTITIES))


def entity_columns(entity: str) -> tuple[str, ...]:
    """The columns that say which entity a snapshot is of; a deal or a lead also has its account."""
    return ENTITIES[entity].columns


def plan(features: Sequence[Feature], entity: str, tables: Iterable[str]) -> Plan:
    """Sort out which features can be computed.

    Parameters
    ----------
    features
        What a model asks for; features of other entities are passed over in silence.
    entity
        `deal_id`, `account_id` or `lead_id`.
    tables
        The tables that hold facts.
    """
    available, columns = set(tables), set(entity_columns(entity))
    by_name = {feature.name: feature for feature in features}
    present: dict[str, Feature] = {}
    absent: dict[str, str] = {}

    def settle(feature: Feature) -> bool:
        if feature.name not in present and feature.name not in absent:
            if reason := _obstacle(feature):
                absent[feature.name] = reason
            else:
                present[feature.name] = feature
        return feature.name in present

    def _obstacle(feature: Feature) -> str:
        if feature.facts and (missing := [t for t in _tables(feature) if t not in available]):
            return f"no {missing[0]} in the ledger"
        for need in _needs(feature, columns):
            if need not in by_name or by_name[need] is feature or not settle(by_name[need]):
                return f"needs {need}"
        return ""

    for feature in features:
        settle(feature)
    foreign = {name for name in absent if _speaks_of_another(by_name[name], by_name, columns)}
    return Plan(tuple(present.values()), {name: why for name, why in absent.items() if name not in foreign})


def _tables(feature: Feature) -> tuple[str, ...]:
    where, facts = f"features/{feature.subject}.py: {feature.name}", str(feature.facts)
    try:
        needed = tables_needed(facts)
    except KeyError as error:
        raise InputError(f"{where} asks for {facts!r}, which is neither a fact table nor a source") from error
    # A source is made of the rows of its first table; others only add to them.
    if facts not in RECORDS and TABLES[needed[0]].column(str(feature.entity)) is None:
        raise InputError(f"{where} is per {feature.entity!r}, which {facts} does not have")
    return needed


def _needs(feature: Feature, columns: set[str]) -> list[str]:
    if feature.entity is None:
        return [need for need in feature.needs if need != CLOCK]
    return [] if feature.entity in columns else [feature.entity]


def _speaks_of_another(feature: Feature, by_name: dict[str, Feature], columns: set[str]) -> bool:
    """Whether a feature can never be had for this entity, whatever the ledger holds."""
    return any(
        need in ENTITIES or (need in by_name and by_name[need] is not feature and _speaks_of_another(by_name[need], by_name, columns))
        for need in _needs(feature, columns)
    )
