"""An evaluation: the same figures as by hand, overall and in slices, without a model being fitted."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from dealml import Shown
from dealml.evaluation.holdout.predictions import HoldoutPredictions, weekly
from dealml.evaluation.metrics.calibration import reliability
from dealml.evaluation.metrics.lift import TOP_MEASURES, top_measures
from dealml.evaluation.metrics.metrics import METRICS
from dealml.evaluation.report.evaluate import Evaluation, measure, summary_of
from dealml.evaluation.report.slices import by_life
from dealml.learning.calibration import Calibrator
from dealml.learning.encoding import Field, Schema
from dealml.learning.fitted import FittedModel
from dealml.learning.rungs import BaseRate
from tests.learning.snapshot_fixtures import SPEC, rows_of, snapshots

CUT = "2023-06-05T00:00:00+00:00"
SCHEMA = Schema((Field("horizon_days"),))
MODEL = FittedModel("made", "deal_id", "won", (14, 60), 60, CUT, "", SCHEMA, BaseRate((60.0,), (0.0,)), Calibrator(), {})


@pytest.fixture(scope="module")
def held() -> HoldoutPredictions:
    table = snapshots(deals=260)
    table = table.assign(amount=np.where(table["deal_id"].str[-1] == "7", np.nan, 100.0 * table["silence"]))
    rows, random = weekly(rows_of(table, (14, 60))), np.random.default_rng(4)
    return HoldoutPredictions(rows, {"model": random.uniform(0.05, 0.9, len(rows)), "base_rate": np.full(len(rows), 0.3)})


@pytest.fixture(scope="module")
def evaluation(held: HoldoutPredictions) -> Evaluation:
    return measure(replace(SPEC, shown=Shown(amount_converted="amount")), MODEL, held, "later time", "2025-01-06", 10, "EUR")


def test_the_horizon_is_the_main_one(evaluation: Evaluation, held: HoldoutPredictions) -> None:
    main = held.at(held.rows.horizon == 60)
    assert evaluation.horizon_days == 60
    assert evaluation.rows == len(main)
    weight = np.ones(len(main))
    for who, p in main.probabilities.items():
        for name, metric in METRICS.items():
            expected = metric.function(main.rows.label, p, weight, main.probabilities["base_rate"])
            assert evaluation.overall[who][name].value == pytest.approx(expected, nan_ok=True)
    assert (evaluation.cut, evaluation.until, evaluation.rung) == (CUT, "2025-01-06", "base_rate")


def test_money_is_that_of_each_row_and_lists_are_mondays(evaluation: Evaluation, held: HoldoutPredictions) -> None:
    main = held.at(held.rows.horizon == 60)
    money = np.nan_to_num(main.rows.snapshots["amount"].to_numpy()[main.rows.snapshot_index])
    expected = top_measures(
        main.rows.label,
        main.probabilities["model"],
        np.ones(len(main)),
        main.clusters,
        main.rows.as_of.astype(int),
        money=money,
        resamples=0,
    )
    assert [evaluation.overall["model"][name].value for name in TOP_MEASURES] == pytest.approx(
        [expected[name].value for name in TOP_MEASURES]
    )


def test_at_a_share_of_life_deals_are_one_list(evaluation: Evaluation) -> None:
    held = evaluation.predictions
    half = held.at(by_life(held.rows)["50%"])
    together = top_measures(half.rows.label, half.probabilities["model"], half.weight, half.clusters, np.zeros(len(half)), resamples=0)
    assert evaluation.slices["life"]["50%"].measured["model"]["lift_20"].value == together["lift_20"].value


def test_slices_hold_all_rows(evaluation: Evaluation, held: HoldoutPredictions) -> None:
    assert list(evaluation.slices) == ["horizon", "age", "life", "stage", "amount"]
    assert {name: part.rows for name, part in evaluation.slices["horizon"].items()} == {
        name: int((held.rows.horizon == float(name)).sum()) for name in ("14", "60")
    }
    for kind in ("age", "stage", "amount"):
        assert sum(part.rows for part in evaluation.slices[kind].values()) == evaluation.rows
    assert evaluation.slices["amount"]["no amount"].rows == np.isnan(evaluation.amounts.values).sum() > 0  # type: ignore[union-attr]
    assert evaluation.absent == {"segment": "the model names no segment"}


def test_what_a_model_takes_along_is_plain_and_counts_accounts(evaluation: Evaluation) -> None:
    summary = json.loads(json.dumps(summary_of(evaluation)))
    assert list(summary["metrics"]) == list(METRICS)
    held = evaluation.predictions
    expected = reliability(held.rows.label, held.probabilities["model"], np.ones(len(held)), clusters=held.clusters)
    assert summary["curve"]["low"] == expected["low"].tolist()
    naive = reliability(held.rows.label, held.probabilities["model"], np.ones(len(held)))
    assert (expected["low"] < naive["low"]).all()
