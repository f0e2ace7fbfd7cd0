"""Point rules, worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dealml.errors import InputError
from dealml.learning.scorecard import Points, Scorecard

TABLE = pd.DataFrame(
    {
        "industry": pd.array(["Software", "Retail", None, "Software"], dtype="str"),
        "meetings": [3.0, 2.0, np.nan, 5.0],
        "silence": [10.0, 30.0, 31.0, np.nan],
        "demo": [True, False, True, False],
    }
)
CARD = Scorecard(
    "hand",
    (
        Points(20, "industry", one_of=("Software", "Banking")),
        Points(10, "meetings", at_least=3),
        Points(5, "meetings", at_least=2, at_most=4),
        Points(-7.5, "silence", at_least=30),
        Points(1, "demo", at_least=1),
        Points(100, "seniority", at_least=1),
    ),
)


def test_points_add_up_by_hand() -> None:
    """Bounds are included, a missing value gives nothing, and points may be taken away."""
    np.testing.assert_array_equal(CARD.points(TABLE), [20 + 10 + 5 + 1, 5 - 7.5, -7.5 + 1, 20 + 10])


def test_rules_whose_feature_is_lacking_score_nothing_and_are_listed() -> None:
    assert [rule.feature for rule in CARD.idle(TABLE)] == ["seniority"]
    assert len(CARD.applied(TABLE)) == 5
    assert CARD.points(TABLE[["demo"]]).tolist() == [1, 0, 1, 0]
    assert CARD.points(TABLE[[]]).tolist() == [0] * 4


@pytest.mark.parametrize("conditions", [{}, {"one_of": ("a",), "at_least": 1}, {"one_of": "Software"}])
def test_a_rule_needs_one_kind_of_condition(conditions: dict[str, object]) -> None:
    with pytest.raises(InputError, match="industry"):
        Points(5, "industry", **conditions)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (Points(5, "industry", at_least=1), "industry is a text; give one_of"),
        (Points(5, "meetings", one_of=("3",)), "meetings is a number; give at_least or at_most"),
    ],
)
def test_numbers_are_asked_of_numbers_and_texts_of_texts(rule: Points, told: str) -> None:
    with pytest.raises(InputError, match=told):
        Scorecard("hand", (rule,)).points(TABLE)
