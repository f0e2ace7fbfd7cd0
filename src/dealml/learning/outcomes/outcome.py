"""Outcomes: the events that models predict, and the facts that record them.

An outcome says when an entity is at stake (its spells: since < moment <= until) and when what is
predicted goes on record (its events). Both use the recorded clock: a label is what the company
knew, so nothing recorded later can change it. An outcome that is predicted on a condition also names
the events that break it (unless): a row with one of them within its horizon teaches nothing.
Queries read tables with the hidden columns of `dealml.as_of.corrected_events`.
"""

from __future__ import annotations

from dealml.learning.outcomes.of_accounts import Cancelled, Silent
from dealml.learning.outcomes.of_deals import Lost, Won
from dealml.learning.outcomes.of_leads import Converted, LeadWon
from dealml.ledger.entities import OutcomeWord

Outcome = Won | Lost | Cancelled | Silent | Converted | LeadWon


def outcome_word(entity: str, outcome_name: str) -> OutcomeWord:
    """What an entity does where an outcome comes: a deal that is won wins, a lead whose deal is won buys."""
    return "buy" if (entity, outcome_name) == ("lead_id", "won") else OUTCOME_WORDS[outcome_name]


OUTCOME_WORDS: dict[str, OutcomeWord] = {"won": "win", "cancelled": "leave", "silent": "leave", "converted": "convert"}
"""What an entity does where an outcome comes, by its name; outcomes of models without a page have none."""
