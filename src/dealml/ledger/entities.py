"""Entities: what models predict of, and how each is named in tables and in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EntityKey = Literal["deal_id", "account_id", "lead_id"]
EntityWord = Literal["deal", "account", "lead"]
OutcomeWord = Literal["win", "leave", "convert", "buy"]
"""What an entity does where the predicted outcome comes."""


@dataclass(frozen=True)
class Entity:
    """One kind of entity."""

    key: EntityKey
    """The column that holds its ids."""
    table: str
    """The fact table that says that one came in."""
    changes: str
    """The fact table of its attributes."""
    word: EntityWord
    plural: str
    in_play: str
    """One of those that are scored, in words."""
    population: str
    """All of those that are scored, as a heading says it."""
    columns: tuple[str, ...]
    """The columns that say which entity a snapshot is of: the entity's own, and those of what it belongs to."""


DEAL = Entity("deal_id", "deals", "deal_changes", "deal", "deals", "an open deal", "open deals", ("deal_id", "account_id"))
ACCOUNT = Entity(
    "account_id", "accounts", "account_changes", "account", "accounts", "an active account", "customers at risk", ("account_id",)
)
LEAD = Entity("lead_id", "leads", "lead_changes", "lead", "leads", "an open lead", "open leads", ("lead_id", "account_id"))

ENTITIES: dict[str, Entity] = {entity.key: entity for entity in (DEAL, ACCOUNT, LEAD)}
"""Every entity by the column of its ids."""
