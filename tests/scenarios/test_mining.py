"""Mining: planted combinations come back as they were planted, and shuffled outcomes give none."""

from __future__ import annotations

import numpy as np
import pytest

from dealml.scenarios.candidates import Candidates
from dealml.scenarios.estimates import usual_rates
from dealml.scenarios.mining import mine
from tests.scenarios.company_fixtures import made_company

PAIR, TRIPLE, LOSING = ((0, 1), (2, 3)), ((0, 2), (2, 4), (5, 2)), ((5, 1),)


def mined(company, false_discoveries=0.05):
    candidates = Candidates.of(company.codes, 50, 3)
    usual = usual_rates(company.won, company.periods)
    rules = mine(candidates, company.won, usual, company.periods, false_discoveries)
    return {candidates.conditions(rule.rule): rule for rule in rules}


def test_planted_rules_come_back_and_nothing_else():
    found = mined(made_company(3, 9000, {PAIR: 2.0, TRIPLE: 2.5, LOSING: 0.5}))
    assert set(found) == {PAIR, TRIPLE, LOSING}
    assert found[PAIR].effect > 0 > found[LOSING].effect
    assert all(0 <= rule.false_share <= 0.05 for rule in found.values())


def test_outcomes_that_depend_on_nothing_give_no_rule():
    assert sum(bool(mined(made_company(seed, 2000, {}))) for seed in range(20)) <= 2


def test_a_rate_that_moves_with_the_calendar_is_no_rule():
    """The values of a feature change with time as the win rate does: within a quarter it tells nothing."""
    company = made_company(5, 6000, {})
    rng = np.random.default_rng(6)
    rising = rng.random(6000) < 0.1 + 0.05 * company.periods
    codes = company.codes.copy()
    codes[:, 0] = np.where(rng.random(6000) < 0.05 + 0.07 * company.periods, 1, 0)
    candidates = Candidates.of(codes, 50, 3)
    assert not mine(candidates, rising, usual_rates(rising, company.periods), company.periods, 0.05)
    assert mine(candidates, rising, np.full(6000, rising.mean()), np.zeros(6000, int), 0.05)


@pytest.mark.parametrize("won", [np.zeros(300, bool), np.ones(300, bool)])
def test_deals_that_all_ended_alike_give_no_rule(won):
    codes = np.random.default_rng(7).integers(0, 2, (300, 3))
    assert mine(Candidates.of(codes, 30, 2), won, np.full(300, 0.5), np.zeros(300, int), 0.05) == []


def test_a_rule_that_wins_without_exception_has_a_finite_effect():
    company = made_company(8, 3000, {})
    won = company.won | (company.codes[:, 1] == 2)
    (rule,) = (rule for conditions, rule in mined(type(company)(company.codes, company.periods, won)).items() if conditions == ((1, 2),))
    assert 2 < rule.effect < 12


def test_the_order_of_deals_changes_nothing_but_the_shuffling():
    company = made_company(9, 6000, {PAIR: 2.5})
    order = np.random.default_rng(1).permutation(6000)
    shuffled = type(company)(company.codes[order], company.periods[order], company.won[order])
    one, other = mined(company), mined(shuffled)
    assert one.keys() == other.keys() >= {PAIR}
    assert one[PAIR].effect == pytest.approx(other[PAIR].effect, abs=1e-9)
