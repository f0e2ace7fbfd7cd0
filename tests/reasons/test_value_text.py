from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.reasons.value_text import exact_values, shown_values


def test_values_are_shown_short_and_kept_exact() -> None:
    column = pd.Series([3.0, 0.123456789, 123456.789, np.nan, np.inf, -2.5])
    assert shown_values(column) == ["3", "0.123", "123457", None, None, "-2.5"]
    assert exact_values(column) == ["3.0", "0.123456789", "123456.789", None, None, "-2.5"]
    assert [float(v) for v in exact_values(column) if v is not None] == [v for v in column if np.isfinite(v)]


def test_texts_are_shown_as_they_are() -> None:
    assert shown_values(pd.Series(["Łódź", None, "=1"], dtype="str")) == ["Łódź", None, "=1"]
    assert exact_values(pd.Series([None, None], dtype=object)) == [None, None]
