"""Which features rest on what people type in."""

from __future__ import annotations

from dealml.features.definition import features_in
from dealml.features.entered_by_people import ENTERED_FACTS, entered_by_people
from dealml.ledger.schema import TABLES
from features import history, lead_behaviour, lead_fit, lead_progress, segment


def test_attributes_and_formulas_of_them_are_entered_and_touches_are_not() -> None:
    entered = entered_by_people(features_in(lead_fit, lead_behaviour, lead_progress))
    assert {"lead_seniority", "lead_status", "lead_free_mail", "lead_touch"} <= entered
    assert "days_since_lead_touch" not in entered


def test_the_record_of_a_group_rests_on_the_group_of_the_entity() -> None:
    entered = entered_by_people(features_in(segment, history))
    groups = [feature for feature in features_in(history) if feature.entity == "segment"]
    assert groups
    assert {feature.name for feature in groups} <= entered


def test_entered_facts_are_tables_or_derived_from_one() -> None:
    derived = {"stage_changes", "close_date_changes", "amount_changes", "owner_changes"}
    assert ENTERED_FACTS - derived <= set(TABLES)
