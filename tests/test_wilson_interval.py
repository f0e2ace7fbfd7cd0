"""The Wilson interval against scipy's, and where it is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, norm

from dealml.wilson_interval import Z, wilson_interval


@given(st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_counts_is_scipys(case: tuple[int, int]) -> None:
    count, n = case
    expected = binomtest(count, n).proportion_ci(method="wilson")
    assert wilson_interval(count / n, n) == pytest.approx((expected.low, expected.high), abs=1e-14)


def test_the_quantile_is_the_normal_distributions() -> None:
    assert pytest.approx(norm.ppf(0.975), abs=1e-15) == Z


def test_rates_in_an_array_have_the_bounds_of_each() -> None:
    rates, sizes = np.array([0.0, 0.3, 1.0]), np.array([2.5, 40.0, 7.0])
    low, high = wilson_interval(rates, sizes)
    single = [wilson_interval(rate, n) for rate, n in zip(rates, sizes, strict=True)]
    assert list(zip(low, high, strict=True)) == single
    assert (low[0], high[2]) == (0.0, 1.0)
