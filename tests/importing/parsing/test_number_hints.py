"""The hint for numbers that cannot be read goes by the whole column."""

from __future__ import annotations

import pandas as pd
import pytest

from dealml.importing.mapping.csv_form import Csv
from dealml.importing.parsing.parse_numbers import parse_numbers


def hint(*cells: str, form: Csv = Csv()) -> str:  # noqa: B008  (frozen)
    """What the reason says after what was expected."""
    _, _, reason = parse_numbers(pd.Series(cells, dtype="str"), "amount", form)
    return reason.partition("; ")[2]


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        (["1.250,00"], 'decimal: ",", grouping: "."'),
        (["900,125", "1.250,00"], 'decimal: ",", grouping: "."'),
        (["900,125", "1,250.00"], 'grouping: ","'),
        (["900,125", "7.5"], 'grouping: ","'),
        (["1 200,5 zł", "(3,00)"], 'decimal: ",", grouping: " ", currency_marks: true, accounting: true'),
        (["7,5", "8,25"], 'decimal: ","'),
    ],
)
def test_the_cells_of_a_column_decide_together(cells: list[str], line: str) -> None:
    assert hint(*cells) == f"csv: {{{line}}} reads such numbers"


def test_a_cell_of_another_kind_does_not_matter() -> None:
    assert hint("1,250.00", "2,000.00", "soon") == 'csv: {grouping: ","} reads such numbers'


@pytest.mark.parametrize("cells", [["soon", "12k", "1,250.00"], ["7,5", "7.5"]])
def test_there_is_none_where_it_would_read_less_than_half_or_lose_a_cell(cells: list[str]) -> None:
    assert hint(*cells) == ""


def test_a_form_that_is_declared_stays() -> None:
    assert hint("1.250,00", "1 250,00", form=Csv(decimal=",", grouping=".")) == 'csv: {grouping: " ."} reads such numbers'
