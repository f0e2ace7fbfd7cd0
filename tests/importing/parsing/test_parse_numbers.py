"""Numbers as people write them: read where the mapping declares it, refused with the line that would read them where it does not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from dealml.importing.mapping.csv_form import Csv
from dealml.importing.parsing.parse_numbers import parse_numbers

LOOSE = Csv(decimal=",", grouping=" .", currency_marks=True, accounting=True)


def read(text: str, form: Csv = LOOSE, kind: str = "amount") -> Any:
    """What a cell comes to, or "refused"."""
    values, bad, _ = parse_numbers(pd.Series([text], dtype="str"), kind, form)
    return "refused" if bad.iloc[0] else values.iloc[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("48 993,99", "48993.99"),
        ("48\u00a0993,99", "48993.99"),
        ("1\u202f000\u2009000", "1000000"),
        ("1.250,00", "1250"),
        ("900,00 zł", "900"),
        ("€ 900", "900"),
        ("EUR -3", "-3"),
        ("(200,00)", "-200"),
        ("(€200,00)", "-200"),
        ("200,00-", "-200"),
        ("700,50", "700.5"),
    ],
)
def test_groups_currencies_and_brackets(text: str, value: str) -> None:
    assert read(text) == Decimal(value)


@pytest.mark.parametrize("text", ["12.50", "1.2345,00", "1 25", "12k", "3 Mio", "1,250.00", "(-5)", "--5", "12 % "])
def test_what_may_mean_something_else_is_refused(text: str) -> None:
    """A point for the decimals would make a number a thousand times larger; a word may multiply it."""
    assert read(text) == "refused"


def test_nothing_of_it_is_read_where_it_is_not_declared() -> None:
    assert [read(text, Csv()) for text in ("1,200.00", "900 EUR", "(5)", "5-")] == ["refused"] * 4


@pytest.mark.parametrize(
    ("text", "line"),
    [("1,200.00", 'grouping: ","'), ("1 200", 'grouping: " "'), ("900 EUR", "currency_marks: true"), ("(5)", "accounting: true")],
)
def test_the_reason_names_the_line_that_would_read_it(text: str, line: str) -> None:
    _, _, reason = parse_numbers(pd.Series([text], dtype="str"), "amount", Csv())
    assert f"csv: {{{line}}} reads such numbers" in reason


def test_the_line_reads_all_the_ways_of_writing_of_a_column() -> None:
    texts = pd.Series(["48\u00a0993,99", "1.250,00", "900,00 zł", "(200,00)", "1 000,00"], dtype="str")
    _, _, reason = parse_numbers(texts, "amount", Csv(decimal=","))
    assert 'csv: {grouping: " .", currency_marks: true, accounting: true} reads such numbers' in reason


def test_other_words_have_no_such_line() -> None:
    _, _, reason = parse_numbers(pd.Series(["12k"], dtype="str"), "amount", Csv())
    assert reason == "expected an amount with at most 4 decimals"
