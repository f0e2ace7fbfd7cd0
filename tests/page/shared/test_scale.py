"""Money along a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealml.page.shared.scale import MOST_STEPS, scale_of

SUMS = st.floats(-1e12, 1e12, allow_nan=False)


def test_ends_and_ticks() -> None:
    scale = scale_of([3_612_000, 5_087_500, 6_240_000], "EUR", reach=92)
    assert (scale.at(0), scale.at(6_240_000), scale.at(3_120_000)) == (0, 92, 46)
    assert [label for _, label in scale.ticks] == ["€0", "€2m", "€4m", "€6m"]


def test_a_small_change_of_a_large_sum_is_seen() -> None:
    scale = scale_of([4_200_000, 4_189_000], "EUR", zero=False)
    assert (scale.at(4_189_000), scale.at(4_200_000)) == (0, 100)


def test_what_lies_outside_is_drawn_at_the_edge() -> None:
    scale = scale_of([100, 200], "EUR")
    assert (scale.at(-50), scale.at(1e9)) == (0, 100)


@given(st.lists(SUMS, max_size=8), st.booleans())
def test_every_value_has_a_place_and_ticks_are_few(values: list[float], zero: bool) -> None:
    scale = scale_of(values, "EUR", zero=zero)
    places = [scale.at(value) for value in sorted(values)]
    assert places == sorted(places)
    assert all(0 <= place <= 100 for place in places)
    assert len(scale.ticks) <= MOST_STEPS + 2
    assert [x for x, _ in scale.ticks] == sorted(x for x, _ in scale.ticks)


@pytest.mark.parametrize("values", [[], [0.0], [5.0, 5.0], [1e-9]])
def test_nothing_to_spread_still_has_a_scale(values: list[float]) -> None:
    assert all(0 <= scale_of(values, "EUR", zero=False).at(value) <= 100 for value in values)
