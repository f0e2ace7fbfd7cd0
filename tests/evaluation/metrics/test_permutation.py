"""Permutation importance: what a model leans on costs it when shuffled, what it ignores costs nothing, and groups move together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dealml.evaluation.metrics.metrics import log_loss
from dealml.evaluation.metrics.permutation import permutation_importance
from dealml.learning.calibration import Calibrator
from dealml.learning.encoding import Field, Schema
from dealml.learning.fitted import FittedModel
from dealml.learning.rungs import BaseRate
from dealml.learning.rungs.logistic import DesignColumn, Logistic
from dealml.learning.training_rows import TrainingRows

DEALS = 400


def model_of(**weights: float) -> FittedModel:
    """A line with these weights, on numbers that the signed logarithm leaves as they are: 0 and e − 1."""
    columns = tuple(DesignColumn(place, "number", 0.0, 0.0, 1.0, weight) for place, weight in enumerate(weights.values()))
    schema = Schema((*(Field(name) for name in weights), Field("horizon_days")))
    line = Logistic(0.0, BaseRate((60.0,), (0.0,)), 0.0, columns)
    return FittedModel("made", "deal_id", "won", (60,), 60, "2024-01-01T00:00:00+00:00", "", schema, line, Calibrator(), {})


@pytest.fixture(scope="module")
def rows() -> TrainingRows:
    """Deals that are won by `one` and `twin`, which are equal, and by nothing else."""
    random = np.random.default_rng(2)
    one, other = random.integers(2, size=(2, DEALS)) * np.expm1(1)
    won = (random.random(DEALS) < np.where(one > 0, 0.8, 0.2)).astype(np.float64)
    at = pd.Timestamp("2024-01-01", tz="UTC")
    table = pd.DataFrame({"deal_id": np.arange(DEALS).astype(str), "as_of": at, "since": at, "one": one, "twin": one, "other": other})
    return TrainingRows(table, np.arange(DEALS), np.full(DEALS, 60.0), won, "deal_id")


def test_what_a_model_leans_on_costs_it_and_what_it_ignores_does_not(rows: TrainingRows) -> None:
    found = permutation_importance(model_of(one=2.0, other=0.0), rows, {"one": ["one"], "other": ["other"]})
    assert found["one"].low > 0.1
    assert (found["other"].value, found["other"].low, found["other"].high) == (0.0, 0.0, 0.0)


def test_the_rise_is_that_of_the_log_loss(rows: TrainingRows) -> None:
    """Against the slow way: a table shuffled by hand, scored, and measured."""
    model, order = model_of(one=2.0, other=0.5), np.random.default_rng((9, 0)).permutation(DEALS)
    table, weight = rows.table(), np.ones(DEALS)
    shuffled = table.assign(one=table["one"].to_numpy()[order], other=table["other"].to_numpy()[order])
    expected = log_loss(rows.label, model.probability(shuffled), weight) - log_loss(rows.label, model.probability(table), weight)
    found = permutation_importance(model, rows, {"all": ["one", "other"]}, repeats=1, resamples=0, seed=9)
    assert found["all"].value == pytest.approx(expected, abs=1e-12)


def test_features_of_a_group_move_together(rows: TrainingRows) -> None:
    """Two features that cancel each other out tell nothing, as long as both come from the same row."""
    model = model_of(one=3.0, twin=-3.0)
    found = permutation_importance(model, rows, {"pair": ["one", "twin"], "one": ["one"]})
    assert found["pair"].value == pytest.approx(0.0, abs=1e-12)
    assert found["one"].low > 0.1


def test_a_seed_fixes_it_and_a_group_does_not_depend_on_others(rows: TrainingRows) -> None:
    model = model_of(one=2.0, other=0.5)
    both = permutation_importance(model, rows, {"other": ["other"], "one": ["one"]}, seed=4)
    alone, another = (vars(permutation_importance(model, rows, {"one": ["one"]}, seed=seed)["one"]) for seed in (4, 5))
    assert vars(both["one"]) == pytest.approx(alone)
    assert vars(both["one"]) != pytest.approx(another)


def test_one_account_has_no_interval(rows: TrainingRows) -> None:
    alone = replace(rows, snapshots=rows.snapshots.assign(account_id="A"))
    found = permutation_importance(model_of(one=2.0), alone, {"one": ["one"]})
    assert found["one"].value > 0.1
    assert np.isnan([found["one"].low, found["one"].high]).all()
