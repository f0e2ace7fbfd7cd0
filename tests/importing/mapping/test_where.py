"""Conditions of a mapping, in their short forms."""

from dealml.importing.mapping.where import Where, as_condition


def test_a_text_and_a_list_are_short_for_any_of() -> None:
    assert as_condition("Won") == {"any_of": ["Won"]}
    assert as_condition(["Won", "Lost"]) == {"any_of": ["Won", "Lost"]}


def test_other_conditions_are_as_they_are() -> None:
    assert Where.model_validate(as_condition({"empty": False})).empty is False
    assert Where.model_validate(as_condition({"not": ["New"]})).not_ == ("New",)
