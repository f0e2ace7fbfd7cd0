"""Currencies are codes of ISO 4217."""

import pandas as pd

from dealml.importing.parsing.currencies import not_currencies


def test_words_and_signs_are_no_currencies() -> None:
    texts = pd.Series(["EUR", "PLN", "DEM", "Euro", "eur", "XYZ", None], dtype="str")
    assert not_currencies(texts).tolist() == [False, False, False, True, True, True, False]
