"""Tests of many rows at once, against the rule by hand."""

from __future__ import annotations

from dealml.qualification.tested import FAILED, PASSED, UNKNOWN, TestedRows, TestedTable
from tests.qualification.tests_fixtures import FIT, SPONSOR, TABLE


def test_each_row_passes_fails_or_is_unknown() -> None:
    rows = TestedRows.of(SPONSOR, TABLE, needed=1)
    assert rows.codes.tolist() == [PASSED, FAILED, UNKNOWN, PASSED]  # one sign for it and one against it pass
    assert TestedRows.of(SPONSOR, TABLE, needed=2).codes.tolist() == [UNKNOWN, FAILED, UNKNOWN, UNKNOWN]


def test_the_evidence_of_a_row() -> None:
    rows = TestedRows.of(SPONSOR, TABLE, needed=1)
    assert [sign.words for sign in rows.signs_for(3)] == ["an executive supports us"]
    assert [sign.words for sign in rows.signs_against(1)] == ["the champion is staff", "nobody is with us"]
    assert [question.feature for question in rows.questions(2)] == ["depth", "level"]


def test_the_tests_of_a_row_are_counted() -> None:
    tested = TestedTable.of((SPONSOR, FIT), TABLE, {})
    assert tested.passed.tolist() == [2, 0, 0, 1]
    assert tested.failed.tolist() == [0, 2, 0, 0]


def test_a_feature_that_the_ledger_lacks_is_unknown() -> None:
    rows = TestedRows.of(SPONSOR, TABLE[["level"]], needed=1)
    assert rows.unknown[:, 0].all()
    assert rows.codes.tolist() == [UNKNOWN, FAILED, UNKNOWN, FAILED]
