"""Candidate rules, against a loop over deals and combinations."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from dealml.scenarios.candidates import Candidates


def by_loops(codes, weights, fewest, most):
    rules = {}
    for size in range(1, most + 1):
        for columns in combinations(range(codes.shape[1]), size):
            for deal, row in enumerate(codes.tolist()):
                if all(row[column] >= 0 for column in columns):
                    rules.setdefault(tuple((column, row[column]) for column in columns), []).append(deal)
    return {rule: weights[deals].sum() for rule, deals in rules.items() if fewest <= len(deals) < len(codes)}


def test_every_rule_that_enough_deals_share_is_there_with_its_sums():
    rng = np.random.default_rng(1)
    codes, weights = rng.integers(-1, 3, (200, 4)), rng.random(200)
    candidates = Candidates.of(codes, 12, 3)
    sums = candidates.sums(weights)
    found = {candidates.conditions(rule): sums[rule] for rule in range(len(candidates))}
    expected = by_loops(codes, weights, 12, 3)
    assert found.keys() == expected.keys()
    assert len(found) > 40
    np.testing.assert_allclose([found[rule] for rule in expected], list(expected.values()))


def test_a_rule_matches_the_deals_that_meet_its_conditions_and_rules_are_ordered_by_length():
    codes = np.random.default_rng(2).integers(-1, 3, (150, 3))
    candidates = Candidates.of(codes, 5, 3)
    for rule in range(len(candidates)):
        expected = np.all([codes[:, column] == code for column, code in candidates.conditions(rule)], axis=0)
        assert (candidates.matches(rule) == expected).all()
    assert candidates.lengths().tolist() == [len(candidates.conditions(rule)) for rule in range(len(candidates))]
    assert (np.diff(candidates.lengths()) >= 0).all()


def test_a_rule_that_holds_for_every_deal_is_none():
    codes = np.column_stack([np.zeros(60, int), np.arange(60) % 2])
    assert {Candidates.of(codes, 20, 2).conditions(rule) for rule in range(2)} == {((1, 0),), ((1, 1),)}
    assert len(Candidates.of(codes[:, :1], 20, 2)) == 0
    assert len(Candidates.of(np.zeros((0, 0), int), 20, 3)) == 0
