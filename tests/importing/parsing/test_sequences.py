"""Sequences: whole numbers, and Salesforce's ids in the order in which they were given."""

import pandas as pd

from dealml.importing.parsing.sequences import parse_sequence


def test_whole_numbers_are_themselves() -> None:
    values, bad, _ = parse_sequence(pd.Series(["7", "+8", "-1", None], dtype="str"))
    assert values.tolist()[:3] == [7, 8, -1]
    assert not bad.any()


def test_ids_count_in_base_62_with_capitals_first() -> None:
    ids = ["0175g00000AbCdE", "0175g00000AbCdF", "0175g00000AbCda", "0175g00000AbCe0", "0175g00000AbCe0AAA"]
    values, bad, _ = parse_sequence(pd.Series(ids, dtype="str"))
    assert not bad.any()
    assert values.tolist() == sorted(values.tolist())
    assert values.iloc[3] == values.iloc[4]


def test_other_texts_have_no_order() -> None:
    _, bad, reason = parse_sequence(pd.Series(["H-12", "6f9619ff-8b86", "12345678901234567890"], dtype="str"))
    assert bad.all()
    assert reason == "expected a whole number or a Salesforce id; other texts have no order"
