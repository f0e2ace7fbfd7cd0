"""A contest worked out by hand, the verdicts, and the deals that move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dealml.evaluation.head_to_head.compare import Contender, HeadToHead, capacity_verdict, compare_at_capacity, log_loss_saved
from dealml.evaluation.head_to_head.rank_changes import latest_rank_changes
from dealml.evaluation.holdout.predictions import HoldoutPredictions
from dealml.evaluation.metrics.bootstrap import Interval
from dealml.evaluation.metrics.capacity import Capacity
from dealml.evaluation.metrics.metrics import log_loss
from dealml.evaluation.report.amounts import Amounts
from dealml.learning.training_rows import TrainingRows

MONDAYS = pd.to_datetime(["2026-01-05", "2026-01-12"], utc=True)


def held(won: dict[str, int], weeks: int = 2) -> HoldoutPredictions:
    """Deals that are open on each of some Mondays."""
    table = pd.DataFrame(
        [
            {"deal_id": deal, "account_id": f"A-{deal}", "since": MONDAYS[0], "as_of": monday, "event_at": pd.NaT}
            for monday in MONDAYS[:weeks]
            for deal in won
        ]
    )
    labels = table["deal_id"].map(won).to_numpy(dtype=float)
    rows = TrainingRows(table, np.arange(len(table)), np.full(len(table), 90.0), labels, "deal_id")
    return HoldoutPredictions(rows, {"model": np.full(len(table), 0.5)})


def side(name: str, *scores: float) -> Contender:
    values = np.array(scores)
    return Contender(name, values, np.clip(values, 0.01, 0.99))


def by_hand() -> HeadToHead:
    """Deals a and b are won, c and d are not; each side works two of four in both weeks."""
    ground = held({"a": 1, "b": 1, "c": 0, "d": 0})
    model = side("model", 0.9, 0.8, 0.2, 0.1, 0.9, 0.1, 0.8, 0.2)  # a b, then a c
    rival = side("rival", 0.9, 0.1, 0.8, 0.2, 0.1, 0.2, 0.9, 0.8)  # a c, then c d
    money = Amounts(np.array([100.0, 10, 7, 7, 300, 10, 7, np.nan]), "EUR")
    return compare_at_capacity(ground, model, rival, money, Capacity(2))


def test_wins_money_and_places_by_hand() -> None:
    found = by_hand()
    assert (found.deals_won, found.weeks, found.open_a_week, found.worked_a_week) == (2, 2, 4, 2)
    # Of a both weeks and of b one; the rival has a in one week.
    assert found.model.wins.value == pytest.approx((1 + 0.5) / 2)
    assert found.baseline.wins.value == pytest.approx(0.5 / 2)
    # a is worth 200 on average, b 10.
    assert found.money_won == pytest.approx(210)
    assert found.model.money.value == pytest.approx((50 + 150 + 5) / 210)
    assert found.baseline.money.value == pytest.approx(50 / 210)
    assert found.model.places.value == pytest.approx(3 / 4)
    assert found.baseline.places.value == pytest.approx(1 / 4)
    # They differ in b for c, and a for d: the model's own are both won, the rival's own are not.
    assert found.differing == pytest.approx(2 / 4)
    assert (found.model.exclusive_win_rate, found.baseline.exclusive_win_rate) == (1, 0)
    assert found.wins.value == pytest.approx(0.5)
    assert found.money is not None
    assert found.money.value == pytest.approx(155 / 210)


def test_what_the_model_saves_is_the_difference_of_log_losses() -> None:
    found, ground = by_hand(), held({"a": 1, "b": 1, "c": 0, "d": 0})
    p = np.array([0.9, 0.8, 0.2, 0.1, 0.9, 0.1, 0.8, 0.2])
    assert found.model.log_loss.value == pytest.approx(log_loss(ground.rows.label, p, np.ones(8)))
    assert found.log_loss.value == pytest.approx(found.baseline.log_loss.value - found.model.log_loss.value)
    assert log_loss_saved(ground, p, p).value == 0


def test_without_money_and_against_itself() -> None:
    ground = held({"a": 1, "b": 0})
    one = side("model", 0.9, 0.1, 0.9, 0.1)
    found = compare_at_capacity(ground, one, replace(one, name="rival"), None, Capacity(1))
    assert np.isnan([found.money.value, found.model.money.value, found.money_won]).all()
    assert (found.wins.value, found.differing) == (0, 0)
    assert np.isnan([found.model.exclusive_win_rate, found.baseline.exclusive_win_rate]).all()
    assert found.verdict == "as many"


def test_a_better_order_is_found_out_and_a_worse_one_too() -> None:
    random = np.random.default_rng(3)
    deals = {f"d{number:03}": int(random.random() < 0.3) for number in range(300)}
    ground = held(deals, weeks=1)
    knows = ground.rows.label + random.normal(0, 0.8, len(ground))
    guesses = random.normal(0, 0.8, len(ground))
    p = np.full(len(ground), 0.3)
    assert compare_at_capacity(ground, Contender("model", knows, p), Contender("rival", guesses, p), None).verdict == "more"
    assert compare_at_capacity(ground, Contender("model", guesses, p), Contender("rival", knows, p), None).verdict == "fewer"
    noise = random.normal(0, 0.8, len(ground))
    assert compare_at_capacity(ground, Contender("model", guesses, p), Contender("rival", noise, p), None).verdict == "as many"


def test_without_an_interval_nothing_is_said() -> None:
    assert capacity_verdict(Interval(0.3, np.nan, np.nan)) == "unknown"


def test_moves_are_those_of_the_last_week() -> None:
    ground = held({"a": 1, "b": 1, "c": 0, "d": 0})
    model, rival = np.array([0, 0, 0, 0, 0.9, 0.8, 0.2, 0.1]), np.array([0, 0, 0, 0, 30.0, 5, 30, 30])
    found = latest_rank_changes(ground, model, rival, Capacity(2))
    assert found.at == MONDAYS[1]
    assert found.rows.tolist() == [4, 5, 6, 7]
    assert found.model_rank.tolist() == [1, 2, 3, 4]
    assert found.baseline_rank.tolist() == [1, 4, 1, 1]
    # c and d are worked by the rival two times in three each, a by both.
    assert found.onto.tolist() == [1]
    assert found.off.tolist() == [3, 2]
