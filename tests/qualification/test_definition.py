"""The definition refuses what makes no sense; no record is never a no."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dealml import InputError, Qualification, Question, Sign
from tests.qualification.tests_fixtures import FIT, SPONSOR, TABLE


def test_what_is_not_on_record_holds_no_sign() -> None:
    assert SPONSOR.holds(SPONSOR.speaks_against[1], TABLE).tolist() == [False, True, False, False]  # 0 is at most 1, but no record
    assert not SPONSOR.holds(SPONSOR.speaks_against[1], TABLE[["level"]]).any()


def test_which_values_are_unknown() -> None:
    assert FIT.questions[0].is_unknown(TABLE["industry"]).tolist() == [False, False, True, True]
    assert SPONSOR.questions[0].is_unknown(TABLE["depth"]).tolist() == [False, False, True, False]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"speaks_for": ()}, "the test 'fit' has no rule that passes it"),
        ({"speaks_against": ()}, "the test 'fit' has no rule that fails it"),
        ({"questions": (Question("a", "?"), Question("a", "??"))}, "the test 'fit' has two questions for the same feature"),
    ],
)
def test_a_test_without_rules_is_refused(changes, message) -> None:
    with pytest.raises(InputError, match=message):
        replace(FIT, **changes)


def test_a_sign_without_a_condition_is_refused() -> None:
    with pytest.raises(InputError, match="the rule on size needs either one_of, or at_least or at_most"):
        Sign("large", "size")


def test_names_are_used_once() -> None:
    with pytest.raises(InputError, match="two tests are called 'fit'"):
        Qualification(deals=(FIT, FIT))
    with pytest.raises(InputError, match="no test of deals"):
        Qualification(deals=())
    assert Qualification(deals=(FIT, SPONSOR), leads=(FIT,)).test_names == ("fit", "sponsor")
