"""Values of features as texts and codes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dealml.errors import InputError
from dealml.scenarios.conditions import MISSING, ScenarioCondition, as_texts, encoded

TABLE = pd.DataFrame(
    {
        "segment": ["SMB", None, "Enterprise", "SMB"],
        "sponsored": pd.array([True, False, None, True], dtype="boolean"),
        "level": [0.0, 2.0, 3.0, np.nan],
        "empty": [None] * 4,
    }
)
BANDS = {"level": {"none": 0, "some": 1, "much": 3}}


def test_categories_flags_and_bands_become_texts():
    texts = as_texts(TABLE, ["segment", "sponsored", "level", "empty", "not there"], BANDS)
    assert texts["segment"].tolist() == ["SMB", None, "Enterprise", "SMB"]
    assert texts["sponsored"].tolist()[:2] == ["yes", "no"]
    assert texts["level"].tolist() == ["none", "some", "much", None]
    assert texts["empty"].isna().all()
    assert list(texts) == ["segment", "sponsored", "level", "empty"]


def test_a_number_below_its_first_band_is_missing():
    assert as_texts(pd.DataFrame({"level": [-1.0, 0.5]}), ["level"], BANDS)["level"].tolist() == [None, "none"]


def test_texts_become_codes_and_columns_with_one_value_are_left_out():
    values = encoded(as_texts(TABLE, ["segment", "level", "empty"], BANDS))
    assert values.names == ("segment", "level")
    assert values.codes[:, 0].tolist()[1] == MISSING
    assert values.condition(0, int(values.codes[2, 0])) == ScenarioCondition("segment", "Enterprise")
    assert str(ScenarioCondition("champion_depth", "none yet")) == "champion depth: none yet"


@pytest.mark.parametrize(
    ("column", "bands", "message"),
    [
        ([1.0, 2.0], {}, "models/scenarios.py: size is a number; name its bands"),
        (["a", "b"], {"size": {"x": 0, "y": 1}}, "models/scenarios.py: size is no number; it has no bands"),
    ],
)
def test_a_number_needs_bands_and_a_text_has_none(column, bands, message):
    with pytest.raises(InputError, match=message):
        as_texts(pd.DataFrame({"size": column}), ["size"], bands)
