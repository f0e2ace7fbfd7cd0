"""What is shown of a deal: the verdict of each test with its evidence, and what would bring it back."""

from __future__ import annotations

from dealml.qualification.tested import TestedTable
from dealml.qualification.verdicts import TestVerdict, comes_back, failed_tests, verdicts_of
from tests.qualification.tests_fixtures import FIT, SPONSOR, TABLE

TESTED = TestedTable.of((SPONSOR, FIT), TABLE, {})


def test_a_verdict_has_its_evidence() -> None:
    sponsor, fit = verdicts_of(TESTED, 3)
    assert sponsor == TestVerdict("sponsor", "A sponsor", "passed", ("an executive supports us",), ("the champion is staff",), ())
    assert fit == TestVerdict("fit", "A fit", "unknown", (), (), ("Which industry?",))


def test_what_is_not_passed_must_be_shown() -> None:
    assert comes_back(TESTED, 0) == ()
    assert comes_back(TESTED, 1) == ("a sponsor: an executive supports us", "a fit: known industry")
    assert failed_tests(TESTED, 1) == [SPONSOR, FIT]
