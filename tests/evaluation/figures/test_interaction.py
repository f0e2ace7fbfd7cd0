"""The feature that another one's contributions depend on is found, and none where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from dealml.evaluation.figures.interaction import BANDS, FIRST, NEITHER, SECOND, formatted_value, is_discrete, strongest_split
from dealml.learning.encoding import Field

ROWS = 600
NAMES = [Field("depth"), Field("flag"), Field("noise"), Field("stage", ("early", "late", "closing"))]


def values() -> np.ndarray:
    random = np.random.default_rng(3)
    columns = random.normal(size=ROWS), random.integers(0, 2, ROWS), random.normal(size=ROWS), random.integers(0, 3, ROWS)
    return np.column_stack(columns).astype(float)


def parts(first: np.ndarray) -> np.ndarray:
    found = np.zeros((ROWS, len(NAMES)))
    found[:, 0] = first
    return found


def test_the_feature_that_turns_the_effect_is_found_with_the_size_of_it() -> None:
    given = values()
    split = strongest_split(0, parts(given[:, 0] + 0.5 * given[:, 1]), given, NAMES)
    assert split is not None
    assert (split.feature, split.labels) == ("flag", ("flag above 0", "flag at most 0"))
    assert split.difference == pytest.approx(0.5, abs=0.02)
    np.testing.assert_array_equal(split.halves, np.where(given[:, 1] == 1, FIRST, SECOND))


def test_the_difference_is_the_mean_over_values_weighed_by_both_halves() -> None:
    given = values()
    given[:, 0] = np.arange(ROWS) % 3
    contributions = np.where(given[:, 1] == 1, given[:, 0], -(given[:, 0] ** 2)) + 0.01 * given[:, 2]
    split = strongest_split(0, parts(contributions), given, NAMES)
    assert split is not None
    weighed = []
    for value in range(3):
        one, other = (contributions[(given[:, 0] == value) & (given[:, 1] == flag)] for flag in (1, 0))
        weighed.append((abs(one.mean() - other.mean()), len(one) * len(other) / (len(one) + len(other))))
    assert split.difference == pytest.approx(sum(d * w for d, w in weighed) / sum(w for _, w in weighed), abs=1e-9)


def test_an_effect_that_is_turned_round_counts_too() -> None:
    given = values()
    split = strongest_split(0, parts(given[:, 0] * np.where(given[:, 3] == 0, 1, -1)), given, NAMES)
    assert split is not None
    assert split.feature == "stage"


def test_what_merely_goes_with_the_value_does_not_interact() -> None:
    given = values()
    given[:, 0] = np.arange(ROWS) - ROWS / 2
    given[:, 1] = given[:, 0] + 20 * given[:, 1]
    given[:, 2] = np.arange(ROWS) % (ROWS / BANDS)  # rises within each band
    assert strongest_split(0, parts(0.8 * given[:, 0]), given, NAMES) is None


def test_texts_are_halved_at_the_most_frequent() -> None:
    given = values()
    given[:, 3] = np.where(np.arange(ROWS) % 3 == 0, 0.0, np.where(np.arange(ROWS) % 3 == 1, 2.0, given[:, 3]))
    given[::60, 3] = np.nan
    split = strongest_split(0, parts(np.where(given[:, 3] == 2, 0.4, 0.0)), given, NAMES)
    assert split is not None
    assert split.labels == ("stage: closing", "stage: another")
    assert set(split.halves[::60]) == {NEITHER}


def test_what_is_mostly_missing_is_halved_into_known_and_missing() -> None:
    given = values()
    given[np.arange(ROWS) % 4 > 0, 2] = np.nan
    split = strongest_split(0, parts(np.where(np.isnan(given[:, 2]), 0.3, -0.3)), given, NAMES)
    assert split is not None
    assert split.labels == ("noise known", "noise missing")
    assert split.difference == pytest.approx(0.6, abs=0.05)


def test_missing_values_are_a_band_of_their_own() -> None:
    given = values()
    given[: ROWS // 2, 0] = np.nan
    split = strongest_split(0, parts(np.where(np.isnan(given[:, 0]), given[:, 1], 0.0)), given, NAMES)
    assert split is not None
    assert split.feature == "flag"


@pytest.mark.parametrize("rows", [1, 2])
def test_few_rows_and_absent_features_are_no_interaction(rows: int) -> None:
    given = values()[:rows]
    given[:, 1] = np.nan
    assert strongest_split(0, parts(np.ones(ROWS))[:rows], given, NAMES) is None


def test_values_are_told_briefly() -> None:
    assert [formatted_value(value) for value in (3.0, 0.123456, -1234567.8)] == ["3", "0.1235", "\u22121,234,568"]
    assert is_discrete(np.array([1.0, np.nan, 2.0]))
    assert not is_discrete(np.arange(50.0))


def test_a_number_that_is_mostly_at_its_highest_is_halved_below_it() -> None:
    given = values()
    given[:, 1] = (np.arange(ROWS) % 3 > 0).astype(float)
    split = strongest_split(0, parts(given[:, 1]), given, NAMES)
    assert split is not None
    assert split.labels == ("flag 1", "flag below 1")
