"""Backtests: no deal on both sides, an embargo at every origin, and every row judged once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealml.errors import ModelError
from dealml.evaluation.holdout.backtest import PARTS, REPEATS, Backtest, backtest, folds
from dealml.evaluation.holdout.fold import fit_and_predict
from dealml.evaluation.metrics.metrics import log_loss
from dealml.evaluation.report.evaluate import Evaluation, later_time, measure, refitted
from dealml.learning.training_rows import TrainingRows
from dealml.moments import as_utc64
from tests.learning.snapshot_fixtures import FEATURES, SPEC, rows_of, snapshots

END = datetime(2024, 9, 2, tzinfo=UTC)
"""Deals come in until then, so that every origin has some to be judged on."""


def known(deals: int, seed: int = 1) -> TrainingRows:
    """Snapshots on Mondays, and some on other days, as at a change of stage."""
    mondays = snapshots(deals, seed)
    table = pd.concat([mondays, mondays[::5].assign(as_of=mondays["as_of"] + pd.Timedelta(hours=30))])
    return rows_of(table[table["as_of"] < END].reset_index(drop=True), end=END)


@pytest.fixture(scope="module")
def rows() -> TrainingRows:
    return known(260)


@pytest.fixture(scope="module")
def undated(rows: TrainingRows) -> TrainingRows:
    """The last row of each deal at one horizon, as if the source had no dates."""
    table = rows.snapshots.drop_duplicates("deal_id", keep="last").assign(as_of=pd.Timestamp("2024-01-01", tz="UTC"))
    return replace(rows_of(table.reset_index(drop=True), (60,)), cross_section=True)


@pytest.fixture(scope="module")
def found(rows: TrainingRows) -> Backtest:
    return backtest(SPEC, rows, FEATURES, "won", END)


@pytest.fixture(scope="module")
def evaluation(found: Backtest) -> Evaluation:
    return measure(SPEC, found.model, found.predictions, "rolling origins", END.isoformat(), 20)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 50), st.integers(6, 9))
def test_every_origin_keeps_the_embargo_and_a_deal_on_one_side_and_judges_a_row_once(seed: int, count: int) -> None:
    rows = known(60, seed)
    judged: list[tuple[object, ...]] = []
    for fold in folds(SPEC, rows, END, count):
        assert (fold.earlier.resolved_at <= as_utc64(fold.at)).all()
        assert (fold.later.as_of >= as_utc64(fold.at)).all()
        assert not set(fold.earlier.entities) & set(fold.later.entities)
        assert (fold.later.as_of.astype("datetime64[D]").astype(int) % 7 == 4).all()
        judged += zip(fold.later.snapshot_index, fold.later.horizon, strict=True)
    assert judged
    assert len(judged) == len(set(judged))


def test_there_are_as_many_origins_as_asked_for_and_they_learn_more_and_more(found: Backtest) -> None:
    assert len(found.origins) == 6
    assert found.predictions.fold is not None
    assert sorted(set(found.predictions.fold)) == [origin.name for origin in found.origins]
    learned = [origin.learned_entities for origin in found.origins]
    assert learned == sorted(learned)
    assert sum(origin.test_rows for origin in found.origins) == len(found.predictions)
    assert len(set(zip(found.predictions.rows.snapshot_index, found.predictions.rows.horizon, strict=True))) == len(found.predictions)


def test_an_origin_knows_nothing_of_later_snapshots(rows: TrainingRows) -> None:
    """A text that came up after the cut is no category, and forecasts are what they were without it."""
    fold = next(folds(SPEC, rows, END))
    table = rows.snapshots
    changed = table.assign(colour=table["colour"].mask(table["as_of"] >= pd.Timestamp(fold.at) + pd.Timedelta(days=90), "new"))
    other = replace(fold, earlier=replace(fold.earlier, snapshots=changed), later=replace(fold.later, snapshots=changed))
    (held, _), (again, model) = (fit_and_predict(SPEC, each.earlier, each.later, FEATURES, "won", each.at) for each in (fold, other))
    assert all("new" not in (field.categories or ()) for field in model.schema.fields)
    same = held.rows.as_of < as_utc64(fold.at) + np.timedelta64(90, "D")
    assert same.any()
    for name, p in held.probabilities.items():
        np.testing.assert_array_equal(again.probabilities[name][same], p[same], err_msg=name)


def test_the_evaluation_is_of_the_pooled_rows(found: Backtest, evaluation: Evaluation) -> None:
    held = evaluation.predictions
    assert (held.rows.horizon == evaluation.horizon_days).all()
    assert evaluation.overall["model"]["log_loss"].value == pytest.approx(
        log_loss(held.rows.label, held.probabilities["model"], held.weight)
    )
    assert (evaluation.method, evaluation.cut) == ("rolling origins", found.origins[0].name)
    assert evaluation.rung == found.predictions.rung
    for kind in ("horizon", "origin", "age"):
        assert sum(part.rows for part in evaluation.slices[kind].values()) == (
            len(found.predictions) if kind == "horizon" else evaluation.rows
        )
    assert set(evaluation.slices) == {"horizon", "origin", "age", "life", "stage"}
    assert set(evaluation.absent) == {"segment", "amount"}


def test_a_cross_section_is_cross_validated_and_says_so(undated: TrainingRows) -> None:
    held, model = refitted(SPEC, undated, FEATURES, "won", END)
    assert len(held) == REPEATS * len(undated)
    assert held.repeats == REPEATS
    counts = pd.Series(held.rows.entities).value_counts()
    assert (counts == REPEATS).all()
    evaluation = measure(SPEC, model, held, "refitted", END.isoformat(), 10)
    assert (evaluation.method, evaluation.cut, evaluation.until) == ("cross-validation", "", "")
    assert (evaluation.rows, evaluation.entities, evaluation.with_outcome) == (len(undated), len(undated), int(undated.label.sum()))
    assert [part.rows for part in evaluation.slices["repeat"].values()] == [len(undated)] * REPEATS
    assert sum(part.rows for part in evaluation.slices["stage"].values()) == len(undated)
    assert later_time(SPEC, model, undated) is None


def test_folds_of_a_cross_section_hold_each_deal_out_once_a_repeat(undated: TrainingRows) -> None:
    found = list(folds(SPEC, undated, END))
    assert [fold.name for fold in found[:2]] == ["repeat 1, part 1", "repeat 1, part 2"]
    assert len(found) == PARTS * REPEATS
    for fold in found:
        assert not set(fold.earlier.entities) & set(fold.later.entities)


def test_without_both_outcomes_there_is_no_backtest(rows: TrainingRows) -> None:
    lost = rows.keep(rows.label == 0)
    with pytest.raises(ModelError, match="too few outcomes to hold any out in a backtest"):
        backtest(SPEC, lost, FEATURES, "won", END)
