"""The verdict: what beats no rate, loses to one, or is calibrated worse than its gate allows, has not earned to be served."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy.special import expit, logit

from dealml.evaluation.decisions.verdict import verdict_on
from dealml.evaluation.holdout.predictions import HoldoutPredictions
from dealml.evaluation.metrics.bootstrap import Interval
from dealml.learning.promotion_gate import Gate
from tests.evaluation.challenger_fixtures import held

GOOD, BAD = Interval(0.02, 0.01, 0.03), Interval(-0.02, -0.03, -0.01)


@pytest.fixture(scope="module")
def predictions() -> HoldoutPredictions:
    return held()


def evaluation(base: Interval, of: HoldoutPredictions, stages: Interval = GOOD, gate: Gate = Gate(resamples=100)) -> Any:  # noqa: B008
    return SimpleNamespace(gain={"base_rate": base, "stage_rates": stages}, gate=gate, predictions=of)


@pytest.mark.parametrize(("low", "beats"), [(0.001, True), (0.0, False), (-0.01, False), (float("nan"), False)])
def test_only_a_whole_interval_above_zero_beats(low: float, beats: bool, predictions: HoldoutPredictions) -> None:
    verdict = verdict_on(evaluation(Interval(0.02, low, 0.05), predictions))
    assert verdict.beats is beats
    assert verdict.checked
    assert verdict.message.startswith("beats the base rate" if beats else "does not beat the baseline")


def test_the_gain_that_the_gate_demands_is_demanded_of_the_first_version(predictions: HoldoutPredictions) -> None:
    assert not verdict_on(evaluation(GOOD, predictions, gate=Gate(min_log_loss_gain=0.015))).beats


@pytest.mark.parametrize(("high", "beats"), [(-0.001, False), (0.001, True)])
def test_what_loses_to_stage_rates_beyond_chance_has_not_earned_it(high: float, beats: bool, predictions: HoldoutPredictions) -> None:
    verdict = verdict_on(evaluation(GOOD, predictions, Interval(-0.02, -0.03, high)))
    assert verdict.beats is beats
    assert beats or verdict.message == "loses to stage rates: log loss higher by 0.020 (95% interval 0.001 to 0.030)"


def moved(of: HoldoutPredictions, by: float) -> HoldoutPredictions:
    """All chances of the model too high, or too low."""
    return held(model=np.asarray(expit(logit(of.probabilities["model"]) + by)))


@pytest.mark.parametrize(("by", "beats"), [(0.0, True), (0.1, True), (1.0, False), (-1.0, False)])
def test_what_is_calibrated_worse_than_the_gate_allows_has_not_earned_it(by: float, beats: bool, predictions: HoldoutPredictions) -> None:
    verdict = verdict_on(evaluation(GOOD, moved(predictions, by)))
    assert verdict.beats is beats
    assert beats or "is calibrated worse than its gate allows" in verdict.message
    assert bool(verdict.advice) is not beats


def test_a_gate_that_allows_more_is_followed(predictions: HoldoutPredictions) -> None:
    assert verdict_on(evaluation(GOOD, moved(predictions, 1.0), gate=Gate(max_calibration_error=0.3, resamples=100))).beats


def test_a_rate_that_is_off_as_much_is_no_better() -> None:
    of = moved(held(), 1.0)
    level = float(of.probabilities["model"].mean())
    of.probabilities.update(base_rate=np.full(len(of), level + 0.1), stage_rates=np.full(len(of), level + 0.1))
    assert verdict_on(evaluation(GOOD, of)).beats


def test_what_could_not_be_checked_says_so() -> None:
    verdict = verdict_on(None)
    assert not verdict.beats
    assert not verdict.checked
    assert "too few outcomes" in verdict.message
