"""Plain numbers have a point before their decimals, and nothing else between or around the digits."""

from __future__ import annotations

import pandas as pd
import pytest

from dealml.importing.mapping.csv_form import Csv
from dealml.importing.parsing.plain_numbers import plain_numbers


@pytest.mark.parametrize(
    ("text", "form", "plain"),
    [
        ("1 250,5 zł", Csv(decimal=",", grouping=" ", currency_marks=True), "1250.5"),
        ("($1,250)", Csv(grouping=",", currency_marks=True, accounting=True), "-1250"),
        ("12,50", Csv(grouping=","), "12,50"),
        ("1.5", Csv(decimal=","), "1?5"),
        ("0.123", Csv(decimal=",", grouping=" ."), "0?123"),
        ("10.123", Csv(decimal=",", grouping=" ."), "10123"),
    ],
)
def test_what_the_mapping_declares_is_taken_away_and_nothing_else(text: str, form: Csv, plain: str) -> None:
    assert plain_numbers(pd.Series([text], dtype="str"), form).iloc[0] == plain
