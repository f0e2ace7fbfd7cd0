from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dealml.scoring.reasons import Meaning, exact_values, sentence, shown_values


@pytest.mark.parametrize(
    ("unit", "value", "words"),
    [
        ("days", "12", "Days of silence: 12 days"),
        ("", "Proposal", "Days of silence: Proposal"),
        ("days", "12345", "Days of silence: 12,345 days"),
        ("", "00123", "Days of silence: 00123"),
        ("share", "0.254", "Days of silence: 25 %"),
        ("yes or no", "1", "Days of silence: 1"),
        ("level 0–4", "3", "Days of silence: 3"),
        ("days", None, "Days of silence: not known"),
        ("share", None, "Days of silence: not known"),
    ],
)
def test_a_sentence_is_the_meaning_and_the_value(unit: str, value: str | None, words: str) -> None:
    assert sentence(Meaning("Days of silence", unit), value) == words


def test_values_are_shown_short_and_kept_exact() -> None:
    column = pd.Series([3.0, 0.123456789, 123456.789, np.nan, np.inf, -2.5])
    assert shown_values(column) == ["3", "0.123", "123457", None, None, "-2.5"]
    assert exact_values(column) == ["3.0", "0.123456789", "123456.789", None, None, "-2.5"]
    assert [float(v) for v in exact_values(column) if v is not None] == [v for v in column if np.isfinite(v)]


def test_texts_are_shown_as_they_are() -> None:
    assert shown_values(pd.Series(["Łódź", None, "=1"], dtype="str")) == ["Łódź", None, "=1"]
    assert exact_values(pd.Series([None, None], dtype=object)) == [None, None]
