"""Conditions on features: bounds are included, missing values never hold, and what makes no sense is refused."""

from __future__ import annotations

import pandas as pd
import pytest

from dealml import InputError, Points
from dealml.learning.value_condition import holds

TABLE = pd.DataFrame({"size": [1.0, 3.0, None], "kind": ["new", None, "old"]})


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Points(1, "size", at_least=3), [False, True, False]),
        (Points(1, "size", at_most=3), [True, True, False]),
        (Points(1, "kind", one_of=("new", "other")), [True, False, False]),
    ],
)
def test_rows_that_hold(condition: Points, expected: list[bool]) -> None:
    assert holds(condition, TABLE, "f.py").tolist() == expected


def test_a_condition_of_the_wrong_kind_names_its_file() -> None:
    with pytest.raises(InputError, match=r"f\.py: kind is a text; give one_of"):
        holds(Points(1, "kind", at_least=1), TABLE, "f.py")
