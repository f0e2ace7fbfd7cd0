"""Proposed thresholds are those that part won deals from lost ones, as planted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.qualification.class_outcomes import PastDecisions
from dealml.qualification.proposal import proposed
from dealml.qualification.tested import TestedTable
from dealml.qualification.thresholds import KindThresholds
from tests.qualification.tests_fixtures import FIT, SPONSOR


def past(seed: int, planted: bool) -> PastDecisions:
    """Deals that are won from 1.2 times the usual probability on, unless both tests are failed; or whatever they show."""
    rng = np.random.default_rng(seed)
    n = 2000
    table = pd.DataFrame({"depth": rng.choice([1.0, 3.0], n), "level": 3.0, "industry": rng.choice(["Software", "Mining"], n)})
    tested = TestedTable.of((SPONSOR, FIT), table, {})
    probability = rng.random(n)
    likely = np.where((probability >= 1.2 * probability.mean()) & (tested.failed < 2), 0.9, 0.05)
    won = rng.random(n) < (likely if planted else 0.3)
    return PastDecisions(probability, tested, won, np.ones(n), np.arange(n), None)


def test_what_was_planted_comes_back() -> None:
    found = proposed(past(1, planted=True), KindThresholds())
    assert (found.pursue.win_rate, found.pursue.most_failed) == (1.2, 1)
    assert found.decline.win_rate <= found.pursue.win_rate


def test_where_nothing_tells_deals_apart_the_present_ones_decline() -> None:
    present = KindThresholds()
    assert proposed(past(2, planted=False), present).decline.fewest_failed == present.decline.fewest_failed
