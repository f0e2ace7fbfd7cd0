from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dealml.learning.encoding import HORIZON, MOST_CATEGORIES, UnseenTexts, schema_of
from tests.learning.snapshot_fixtures import FEATURES


def test_columns_are_taken_by_name(table: pd.DataFrame) -> None:
    schema = schema_of(table, FEATURES)
    given = table.assign(**{HORIZON: 30.0})
    np.testing.assert_array_equal(schema.encode(given), schema.encode(given[sorted(given.columns, reverse=True)]))
    assert schema.names == ["depth", "silence", "colour", "broken", HORIZON]


def test_features_that_never_vary_are_dropped_and_listed(table: pd.DataFrame) -> None:
    assert schema_of(table, FEATURES).dropped == ("flat", "nothing")


def test_a_value_that_is_sometimes_unknown_varies() -> None:
    assert schema_of(pd.DataFrame({"a": [1.0, np.nan], "b": ["x", None]}), ["a", "b"]).dropped == ()


def test_what_is_not_finite_is_missing(table: pd.DataFrame) -> None:
    schema = schema_of(table, FEATURES)
    column = schema.encode(table.assign(**{HORIZON: 30.0}))[:, schema.names.index("broken")]
    np.testing.assert_array_equal(np.isnan(column), ~np.isfinite(table["broken"]))


def test_unseen_texts_are_missing_and_counted() -> None:
    schema = schema_of(pd.DataFrame({"colour": ["red", "blue", "red"]}), ["colour"])
    given = pd.DataFrame({"colour": ["red", "green", None, "green", "blue"], HORIZON: 30.0})
    np.testing.assert_array_equal(schema.encode(given)[:, 0], [0, np.nan, np.nan, np.nan, 1])
    assert schema.unseen(given) == {"colour": UnseenTexts(2, ("green",))}


def test_categories_are_the_most_frequent_and_ties_go_by_the_alphabet() -> None:
    texts = [f"t{n:03d}" for n in range(MOST_CATEGORIES + 5)] + ["z", "z"]
    found = schema_of(pd.DataFrame({"colour": texts[::-1]}), ["colour"]).fields[0].categories
    assert found is not None
    assert found[:3] == ("z", "t000", "t001")
    assert len(found) == MOST_CATEGORIES


@pytest.mark.parametrize(
    "empty", [pd.Series([None, None], dtype=object), pd.Series([np.nan, np.nan]), pd.Series([None, None], dtype="str")]
)
def test_a_column_without_values_is_missing_whatever_its_type(empty: pd.Series) -> None:
    schema = schema_of(pd.DataFrame({"colour": ["red", "blue"], "depth": [1.0, 2.0]}), ["colour", "depth"])
    assert np.isnan(schema.encode(pd.DataFrame({"colour": empty, "depth": empty, HORIZON: 30.0}))[:, :2]).all()
