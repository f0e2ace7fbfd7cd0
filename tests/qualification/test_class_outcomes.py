"""How the deals of each class ended, counted by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dealml.qualification.class_outcomes import PastDecisions, accounts_of, class_outcomes
from dealml.qualification.tested import TestedTable
from dealml.wilson_interval import wilson_interval
from tests.qualification.tests_fixtures import FIT, SPONSOR, TABLE

PAST = PastDecisions(
    probability=np.array([0.8, 0.1, 0.4, 0.3]),
    tested=TestedTable.of((SPONSOR, FIT), TABLE, {}),
    won=np.array([True, False, True, False]),
    amount=np.array([100.0, 50.0, np.nan, 70.0]),
    accounts=np.array([0, 1, 2, 2]),
    points=np.array([1.0, 9.0, 9.0, 0.0]),
)
ADVICE = np.array(["pursue", "decline", "pursue", "nurture"])


def test_each_class_is_counted() -> None:
    outcomes = class_outcomes(PAST, ADVICE)
    assert {name: (each.deals, each.won) for name, each in outcomes.items()} == {
        "pursue": (2, 2),
        "nurture": (1, 0),
        "decline": (1, 0),
        "all": (4, 2),
        "heuristic": (2, 1),  # the two deals with nine points
    }
    assert outcomes["pursue"].money == 100  # the other amount is not on record
    assert outcomes["pursue"].money_low <= 100 <= outcomes["pursue"].money_high
    assert (outcomes["all"].low, outcomes["all"].high) == pytest.approx(wilson_interval(0.5, 4))


def test_a_class_without_a_deal_has_no_share() -> None:
    assert np.isnan(class_outcomes(PAST, np.full(4, "pursue"))["decline"].rate)


def test_a_part_has_the_same_deals() -> None:
    later = PAST.part(slice(2, None))
    assert (len(later), later.usual, later.tested.passed.tolist()) == (2, pytest.approx(0.35), [0, 1])


def test_deals_without_an_account_stand_for_themselves() -> None:
    table = pd.DataFrame({"deal_id": ["a", "b", "c"], "account_id": ["x", None, "x"]})
    assert accounts_of(table).tolist() == [0, 1, 0]
