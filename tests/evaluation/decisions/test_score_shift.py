"""Score churn: how far scores move, and how many entities change their fifth of the ranking."""

from __future__ import annotations

import numpy as np
import pytest

from dealml.evaluation.decisions.score_shift import score_shift
from tests.evaluation.challenger_fixtures import held


def test_the_same_scores_do_not_move() -> None:
    found = score_shift(held(deals=50), "model", "model")
    assert (found.entities, found.mean_change, found.share_moved) == (50, 0.0, 0.0)


def test_a_shift_moves_probabilities_but_no_rank() -> None:
    of = held(deals=50)
    of.probabilities["model"] = of.probabilities["champion"] * 0.5
    found = score_shift(of, "champion", "model")
    assert found.mean_change == pytest.approx(of.probabilities["champion"][1::2].mean() / 2)
    assert found.share_moved == 0.0


def test_only_the_latest_score_of_an_entity_counts() -> None:
    of = held(deals=50)
    of.probabilities["model"] = of.probabilities["champion"].copy()
    of.probabilities["model"][::2] = 0.5
    assert score_shift(of, "champion", "model").mean_change == 0.0


def test_a_reversed_ranking_leaves_only_the_middle_fifth_in_place() -> None:
    of = held(deals=50)
    of.probabilities["champion"] = np.repeat(np.linspace(0.01, 0.99, 50), 2)
    of.probabilities["model"] = 1 - of.probabilities["champion"]
    assert score_shift(of, "champion", "model").share_moved == 0.8
