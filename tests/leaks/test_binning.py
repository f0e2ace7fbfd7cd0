"""How features are cut into regions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.leaks.binning import MISSING, MOST_TEXTS, column_of


def in_region(column, word):  # type: ignore[no-untyped-def]
    """Which rows lie in the first region of that name."""
    names = [column.region(place) for place in range(column.members.shape[1])]
    return column.members[column.codes, names.index(word)]


def test_missing_and_infinite_numbers_are_one_region() -> None:
    column = column_of("x", pd.Series([1.0, np.nan, np.inf, 2.0]))
    assert (column.codes == MISSING).tolist() == [False, True, True, False]
    assert in_region(column, "a value").tolist() == [True, False, False, True]


def test_a_frequent_number_is_a_region_of_its_own() -> None:
    values = pd.Series(np.concatenate([np.full(30, 7.0), np.linspace(0, 20, 970)]))
    assert in_region(column_of("x", values), "7").sum() == 30


def test_zero_parts_the_negative_from_the_positive() -> None:
    values = pd.Series(np.concatenate([[-0.2, -0.1], np.linspace(0.5, 9, 998)]))
    column = column_of("x", values)
    assert any(np.array_equal(column.members[column.codes, place], values < 0) for place in range(column.members.shape[1]))


def test_ranges_below_and_above_every_cut_are_regions() -> None:
    values = pd.Series(np.arange(1000.0))
    column = column_of("x", values)
    rows = [values[column.members[column.codes, place]] for place in range(column.members.shape[1])]
    ranges = {(part.min(), part.max()) for part in rows if len(part)}
    assert {(0.0, 99.0), (995.0, 999.0), (0.0, 999.0)} <= ranges


def test_rare_texts_are_pooled_and_ties_stand_in_the_order_of_the_alphabet() -> None:
    texts = [f"t{number:03d}" for number in range(MOST_TEXTS + 5)]
    column = column_of("x", pd.Series(texts[::-1]))
    assert column.labels[1] == "'t000'"
    assert column.labels[-1] == "a rare text"
    assert (column.codes == MOST_TEXTS + 1).sum() == 5


def test_the_order_of_rows_has_no_part_in_it() -> None:
    values = pd.Series(np.random.default_rng(1).lognormal(size=500)).round(1)
    shuffled = values.sample(frac=1, random_state=2)
    again = column_of("x", shuffled).codes[np.argsort(shuffled.index)]
    assert np.array_equal(column_of("x", values).codes, again)
