"""Sentences of reasons, in every language that ships."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dealml.errors import InputError
from dealml.features.definition import Feature
from dealml.load_definitions import load_model
from dealml.project import template_folder
from dealml.reasons.wording import Meaning, Wording, languages, wording_from, wording_of

SHIPPED = {feature.name: feature for name in ("deal_win", "account_churn") for feature in load_model(template_folder(), name).all_features}
FAMILIES = [family for name in ("deal_win", "account_churn") for family in load_model(template_folder(), name).all_families]


def wording(unit: str = "days", language: str = "en") -> Wording:
    return Wording(language, wording_of([], language).texts, {"silence": Meaning("Days of silence", unit, "activity")})


@pytest.mark.parametrize(
    ("unit", "value", "words"),
    [
        ("days", "12", "Days of silence: 12 days"),
        ("days", "1", "Days of silence: 1 day"),
        ("days", "-1", "Days of silence: -1 day"),
        ("days", "1.5", "Days of silence: 1.5 days"),
        ("", "Proposal", "Days of silence: Proposal"),
        ("days", "12345", "Days of silence: 12,345 days"),
        ("", "00123", "Days of silence: 00123"),
        ("share", "0.254", "Days of silence: 25%"),
        ("yes or no", "1", "Days of silence: yes"),
        ("yes or no", "0", "Days of silence: no"),
        ("level 0–4", "3", "Days of silence: 3"),
        ("of a unit that nobody translated", "3", "Days of silence: 3 of a unit that nobody translated"),
        ("days", None, "Days of silence: not known"),
        ("share", None, "Days of silence: not known"),
    ],
)
def test_a_sentence_is_the_meaning_and_the_value(unit: str, value: str | None, words: str) -> None:
    assert wording(unit).sentence("silence", value) == words


@pytest.mark.parametrize(("value", "words"), [("1", "1 dzień"), ("2", "2 dni"), ("5", "5 dni"), ("22", "22 dni"), ("1.5", "1.5 dnia")])
def test_a_language_may_have_more_forms_than_two(value: str, words: str) -> None:
    assert wording("days", "pl").value("days", value) == words


def test_a_feature_or_subject_without_words_is_called_by_its_name() -> None:
    assert wording().sentence("new_one", "3") == "new_one: 3"
    assert wording().subject("partner_channel") == "Partner channel"


def test_a_wording_is_made_again_from_what_was_kept() -> None:
    made = wording_of(list(SHIPPED.values()))
    again = wording_from(json.loads(json.dumps(made.content())))
    assert again.digest == made.digest
    assert all(again.sentence(name, "1") == made.sentence(name, "1") for name in SHIPPED)
    assert wording().digest != made.digest


def test_an_unknown_language_is_one_line() -> None:
    with pytest.raises(InputError, match=r"company\.language: 'tlh' is not one of en, pl"):
        wording_of([], "tlh")


def texts(language: str) -> dict[str, Any]:
    return dict(wording_of([], language).texts)


@pytest.mark.parametrize("language", [name for name in languages() if name != "en"])
def test_a_translation_has_every_text_and_every_part_of_it(language: str) -> None:
    from string import Formatter

    english, other = texts("en"), texts(language)
    for section, words in english.items():
        if isinstance(words, dict):
            assert other[section].keys() == words.keys(), section
            for key, text in words.items():
                if isinstance(text, str):
                    assert {part for _, part, _, _ in Formatter().parse(text)} == {
                        part for _, part, _, _ in Formatter().parse(other[section][key])
                    }, key
    translated = wording_of(list(SHIPPED.values()), language)
    assert [name for name, feature in SHIPPED.items() if feature.served and translated.meaning(name).text == meaning_of(feature)] == []
    members = [feature for family in FAMILIES for feature in family.features([("x",)], [(("x",),)])]
    translated = wording_of(members, language)
    assert [feature.name for feature in members if translated.meaning(feature.name).text == meaning_of(feature)] == []
    assert [
        "any other" in translated.meaning(feature.name).text or "{" in translated.meaning(feature.name).text for feature in members
    ] == [False for _ in members]


def meaning_of(feature: Feature) -> str:
    return feature.meaning.rstrip(".")


def test_every_unit_and_subject_of_the_shipped_features_has_words() -> None:
    english = texts("en")
    own_words = {"", "share", "yes or no", "text", "place", "ratio"}
    scales = ("level", "score", "account's", "deal's", "project's")
    units = {feature.unit for feature in SHIPPED.values()} - own_words
    assert {unit for unit in units if not unit.startswith(scales)} <= english["units"].keys()
    assert {feature.subject for feature in SHIPPED.values()} <= english["subjects"].keys()
