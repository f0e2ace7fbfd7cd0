"""Features made of what people of the company type in: whoever edits the record changes the score."""

from __future__ import annotations

from collections.abc import Sequence

from dealml.features.definition import Feature

ENTERED_FACTS = frozenset(
    {
        "deals",
        "deal_changes",
        "stage_changes",
        "close_date_changes",
        "amount_changes",
        "owner_changes",
        "milestones",
        "stakeholders",
        "assessments",
        "accounts",
        "account_changes",
        "contacts",
        "leads",
        "lead_changes",
    }
)
"""Facts that a CRM takes from a form; machines record activities, usage, invoices, offers and tickets."""


def entered_by_people(features: Sequence[Feature]) -> frozenset[str]:
    """The names of features that rest on entered facts, directly or by a feature that they need.

    A feature of a group, such as the record of a segment, rests on the entity's own value of the group.
    """
    entered = {feature.name for feature in features if feature.facts in ENTERED_FACTS}
    while more := {f.name for f in features if f.name not in entered and entered.intersection((*f.needs, f.entity or ""))}:
        entered |= more
    return frozenset(entered)
