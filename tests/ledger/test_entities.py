"""Entities agree with the fact tables that they name."""

from __future__ import annotations

import pytest

from dealml.ledger.entities import ENTITIES, Entity
from dealml.ledger.schema import CHANGES_OF, TABLES


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=lambda entity: entity.word)
def test_an_entity_names_fact_tables_of_its_own(entity: Entity) -> None:
    assert TABLES[entity.table].entity == TABLES[entity.changes].entity == entity.key
    assert CHANGES_OF[entity.table] == entity.changes
    assert entity.columns[0] == entity.key
    assert set(entity.columns) <= set(ENTITIES)
