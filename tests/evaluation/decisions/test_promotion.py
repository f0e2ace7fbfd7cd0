"""The gate's conditions: each refuses what it is for, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from math import nan

import numpy as np
import pytest
from scipy.special import expit, logit

from dealml.evaluation.decisions.promotion import Condition, Judgement, check_gate, same_source
from dealml.evaluation.holdout.predictions import HoldoutPredictions
from dealml.learning.fitted import FittedModel
from dealml.learning.promotion_gate import Gate
from dealml.learning.training import fit
from tests.evaluation.challenger_fixtures import held, segments
from tests.learning.snapshot_fixtures import END, FEATURES, SPEC, rows_of, snapshots

GATE = Gate(resamples=200)


@pytest.fixture(scope="module")
def model() -> FittedModel:
    return fit(SPEC, rows_of(snapshots(deals=40)), FEATURES, "won", END, "ledger", only="base_rate")


def judged(of: HoldoutPredictions, gate: Gate = GATE, champion: str | None = "champion", by_segment: bool = True) -> Judgement:
    return Judgement(check_gate(gate, of, champion, segments(of) if by_segment else None))


def with_model(of: HoldoutPredictions, p: object) -> HoldoutPredictions:
    return replace(of, probabilities=of.probabilities | {"model": np.asarray(p)})


def condition(found: Judgement, name: str) -> Condition:
    return next(c for c in found.conditions if c.name == name)


def test_a_better_challenger_has_earned_promotion() -> None:
    found = judged(held())
    assert found.passed, found.message
    assert found.message == "has earned promotion: all 6 conditions hold"
    assert condition(found, "gain_over_champion").value > 0.03


def test_the_conditions_are_those_of_the_design_and_age_is_none() -> None:
    names = {c.name for c in judged(held(rep_probability=np.full(4000, 0.5))).conditions}
    assert names == {
        "gain_over_champion",
        "calibration_error",
        "calibration_loss",
        "skill_over_base_rate",
        "skill_over_stage_rates",
        "skill_over_rep_probability",
        "segment_auc",
    }


def test_the_champion_again_gains_nothing_and_is_refused() -> None:
    same = held()
    found = judged(with_model(same, same.probabilities["champion"]))
    assert found.failed == ["gain_over_champion"]
    assert condition(found, "gain_over_champion").value == 0.0


def test_a_worse_challenger_is_refused() -> None:
    of = held()
    swapped = replace(of, probabilities=of.probabilities | {"model": of.probabilities["champion"], "champion": of.probabilities["model"]})
    assert "gain_over_champion" in judged(swapped).failed


def test_a_gain_that_may_be_luck_is_refused() -> None:
    of = held(deals=50, seed=0)
    found = judged(of, by_segment=False)
    assert condition(found, "gain_over_champion").value > 0
    assert "gain_over_champion" in found.failed


def test_a_specification_may_ask_for_more() -> None:
    assert judged(held(), replace(GATE, min_log_loss_gain=0.06)).failed == ["gain_over_champion"]


def test_a_challenger_that_ranks_better_but_is_too_sure_is_refused_for_its_calibration_alone() -> None:
    of = held()
    found = judged(with_model(of, expit(1.7 * logit(of.probabilities["model"]))))
    assert set(found.failed) == {"calibration_error", "calibration_loss"}
    assert condition(found, "calibration_error").value == pytest.approx(0.09, abs=0.02)


def test_chance_alone_fails_no_calibration() -> None:
    """Of 400 deals even the truth has a calibration error of about 0.05: as often as not above the limit."""
    found = [condition(judged(held(deals=400, seed=seed), by_segment=False), "calibration_error") for seed in range(5)]
    errors = [float(c.message.split("error is ")[1][:5]) for c in found]
    assert max(errors) > 0.05
    assert all(c.passed for c in found)
    assert all(c.value < error for c, error in zip(found, errors, strict=True))


def test_one_bad_segment_refuses_the_whole() -> None:
    of = held()
    blind = np.where(segments(of) == "south", of.rows.label.mean(), of.probabilities["model"])
    found = judged(with_model(of, 0.99 * blind + 0.01 * of.probabilities["model"][::-1]))
    assert "segment_auc" in found.failed
    assert "south loses most" in condition(found, "segment_auc").message


def test_a_small_segment_is_not_judged_by_itself() -> None:
    of = held(deals=150)
    blind = with_model(of, np.where(segments(of) == "south", 0.3, of.probabilities["model"]))
    told = condition(judged(blind), "segment_auc")
    assert told.passed
    assert "no segment has 100 settled outcomes" in told.message


def test_where_outcomes_are_few_a_segment_must_lose_surely() -> None:
    """Of 150 deals in the south fewer than 100 were won: a loss counts only where chance is excluded."""
    of = held(deals=300)
    south = segments(of) == "south"
    reversed_there = np.where(south, 1 - of.probabilities["champion"], of.probabilities["model"])
    assert "segment_auc" in judged(with_model(of, reversed_there)).failed
    champion = logit(of.probabilities["champion"])
    noise = np.repeat(np.random.default_rng(1).normal(size=300), 2)
    slightly = condition(judged(with_model(of, np.where(south, expit(champion + 0.75 * noise), of.probabilities["model"]))), "segment_auc")
    assert slightly.value > 0.03
    assert slightly.passed


def test_without_a_champion_the_base_rate_must_be_beaten() -> None:
    found = judged(held(), champion=None)
    assert found.passed
    assert {c.name for c in found.conditions} >= {"gain_over_base_rate", "skill_over_base_rate"}
    assert "calibration_loss" not in {c.name for c in found.conditions}
    lost = judged(with_model(held(), held().probabilities["base_rate"]), champion=None)
    assert lost.message.startswith("does not beat the baseline: ")


@pytest.mark.parametrize("rival", ["stage_rates", "rep_probability"])
def test_a_forecast_that_costs_nothing_must_be_outdone(rival: str) -> None:
    of = held()
    better = replace(of, probabilities=of.probabilities | {rival: of.probabilities["model"] * 0.5 + of.rows.label * 0.5})
    assert judged(better).failed == [f"skill_over_{rival}"]


def test_one_account_is_no_evidence() -> None:
    of = held(deals=50)
    lone = replace(of, rows=replace(of.rows, snapshots=of.rows.snapshots.assign(account_id="A")))
    assert "gain_over_champion" in judged(lone, by_segment=False).failed


def test_a_condition_is_plain_json() -> None:
    kept = Condition("segment_auc", True, nan, 0.03, "none").content()
    assert json.loads(json.dumps(kept, allow_nan=False)) == {
        "name": "segment_auc",
        "passed": True,
        "value": None,
        "limit": 0.03,
        "message": "none",
    }


@pytest.mark.parametrize(
    ("challenger", "champion", "ledger", "told"),
    [
        (True, False, False, "learned from a cross-section, and the champion from dated snapshots"),
        (True, False, True, "learned from a cross-section, and the champion from dated snapshots"),
        (True, None, False, "learned from a cross-section, and the ledger is of dated snapshots"),
        (False, False, True, "learned from dated snapshots, and the ledger is of a cross-section"),
        (True, True, True, ""),
        (False, True, False, ""),
        (False, False, False, ""),
    ],
)
def test_a_cross_section_never_follows_dated_snapshots(
    model: FittedModel, challenger: bool, champion: bool | None, ledger: bool, told: str
) -> None:
    over = None if champion is None else replace(model, cross_section=champion)
    found = same_source(replace(model, cross_section=challenger), over, ledger, "won")
    assert found.passed is not bool(told)
    assert told in found.message


def test_another_outcome_is_another_model(model: FittedModel) -> None:
    assert "it predicts won, and the ledger tells cancelled" in same_source(model, None, False, "cancelled").message
