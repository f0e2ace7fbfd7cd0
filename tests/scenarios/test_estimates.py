"""Rates of rules, with numbers by hand."""

from __future__ import annotations

import numpy as np
import pytest

from dealml.scenarios.estimates import LEAST_STRENGTH, MOST_STRENGTH, prior_strength, shrunken_rate, usual_rates


def test_the_usual_rate_of_a_quarter_is_drawn_to_that_of_all_time():
    won = np.array([True] * 3 + [False] * 7 + [True] * 30)
    rates = usual_rates(won, np.array([0] * 10 + [1] * 30))
    assert rates[0] == pytest.approx((3 + 20 * 33 / 40) / (10 + 20))
    assert rates[-1] == pytest.approx((30 + 20 * 33 / 40) / (30 + 20))


def test_a_rate_is_drawn_towards_the_usual_one():
    rate = shrunken_rate(60, 40, 0.3, 40.0)
    assert rate.rate == pytest.approx((40 + 12) / 100)
    assert rate.lift == pytest.approx(0.52 / 0.3)
    # Of a beta distribution with 52 and 48: mean .52, standard deviation sqrt(.52 × .48 / 101); of 40 in 60, Wilson's upper bound.
    assert rate.low == pytest.approx(0.52 - 1.96 * (0.52 * 0.48 / 101) ** 0.5, abs=0.003)
    assert rate.high == pytest.approx(0.773, abs=0.001)


def test_the_usual_rate_counts_for_more_the_less_rules_differ_from_it():
    deals, usual = np.array([400.0, 400.0]), np.array([0.3, 0.3])
    # Rates of .3 ± .1: the variance between them is .01 less the chance of 400 deals, .21 / 400.
    expected = 0.21 / ((0.1**2 * 400**2 - 400 * 0.21) / (400 * 399)) - 1
    assert prior_strength(deals, np.array([160.0, 80.0]), usual) == pytest.approx(expected)
    assert prior_strength(deals, np.array([360.0, 10.0]), usual) == LEAST_STRENGTH
    assert prior_strength(deals, np.array([121.0, 119.0]), usual) == MOST_STRENGTH
    assert prior_strength(np.zeros(0), np.zeros(0), np.zeros(0)) == MOST_STRENGTH
