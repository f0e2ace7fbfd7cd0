"""Rows as data, short and whole."""

import json
from datetime import date

import pytest

from dealml.page.review.annotations import CloseDateNote, OverrideNote
from dealml.page.review.payload import halves, payload
from dealml.page.shared.outcome_words import words_of
from tests.page.row_fixtures import reason, review, row

WORDS = words_of("deal", "win")


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Days since the last meeting: 41 days", ("Days since the last meeting: ", "41 days")),
        ("a: b: c", ("a: b: ", "c")),
        ("No meeting for 41 days.", ("No meeting for 41 days.", "")),
        (": ", (": ", "")),
        ("", ("", "")),
    ],
)
def test_a_sentence_in_two_is_whole_again(sentence: str, found: tuple[str, str]) -> None:
    assert halves(sentence, ": ") == found
    assert "".join(found) == sentence


def test_reasons_that_say_the_same_are_kept_once() -> None:
    rows = (
        row("a", reasons_for=(reason(0.1), reason(0.05)), reasons_against=()),
        row("b", reasons_for=(reason(-0.0029),), reasons_against=()),
    )
    data = json.loads(payload(review(*rows), WORDS, 50))
    assert len(data["reasons"]) == 1
    assert [each[12] for each in data["rows"]] == [[1000, 0, 500, 0], [-29, 0]]


def test_dates_are_days_from_the_review_and_what_is_not_there_takes_no_room() -> None:
    plain = row("a", close_date=date(2026, 7, 2))
    outlook = row("b", close_date=None, close_date_note=CloseDateNote(date(2026, 6, 29), None, None, 0.25))
    judged = row("c", override_note=OverrideNote("Marta", "so", None, 0.8))
    data = json.loads(payload(review(plain, outlook, judged), WORDS, 50))
    rows = {each[0]: each for each in data["rows"]}
    assert rows["a"][7] == 2
    assert len(rows["a"]) == 14
    assert (rows["b"][7], rows["b"][14:]) == (None, [[-1, None, None, 0.25]])
    assert rows["c"][14:] == [None, ["judged 80%", "", "", "Marta: 80%. “so”"]]


def test_scenarios_that_many_rows_are_in_are_there_once() -> None:
    data = json.loads(payload(review(row("a", scenarios=("In one", "In two")), row("b", scenarios=("In two",)), row("c")), WORDS, 50))
    rows = {each[0]: each for each in data["rows"]}
    assert [[data["strings"][place] for place in rows[name][17]] for name in "ab"] == [["In one", "In two"], ["In two"]]
    assert data["strings"].count("In two") == 1
    assert len(rows["c"]) == 14
