"""Rates of rules, with numbers by hand."""

from __future__ import annotations

import numpy as np
import pytest

from dealml.scenarios.candidates import Candidates
from dealml.scenarios.estimates import LEAST_STRENGTH, MOST_STRENGTH, prior_strength, shrunken_rate, usual_rates
from tests.scenarios.company_fixtures import made_company


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


def test_the_usual_rate_counts_for_more_the_less_kinds_differ():
    alike, unlike = made_company(1, 6000, {}), made_company(1, 6000, {((0, 0),): 2.5, ((1, 1),): 0.3})
    strengths = []
    for company in (alike, unlike):
        candidates = Candidates.of(company.codes, 50, 2)
        strengths.append(prior_strength(candidates, company.won, usual_rates(company.won, company.periods)))
    assert LEAST_STRENGTH <= strengths[1] < 60 < 150 < strengths[0] <= MOST_STRENGTH
