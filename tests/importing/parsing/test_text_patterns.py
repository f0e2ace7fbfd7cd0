"""Patterns over columns of texts."""

import pandas as pd

from dealml.importing.parsing.text_patterns import holds, is_all, plain_arrow


def test_a_missing_text_is_of_no_pattern() -> None:
    texts = pd.Series(["ab", "xaby", None], dtype="str")
    assert is_all(texts, "a|ab").tolist() == [True, False, False]
    assert holds(texts, "ab").tolist() == [True, True, False]


def test_a_column_of_nothing_is_of_texts() -> None:
    assert str(plain_arrow(pd.Series([None, None], dtype="object")).type) == "large_string"
