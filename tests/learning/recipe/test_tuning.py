"""Tuning: under its budget, resumable, and kept only if it helps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dealml.learning.encoding import schema_of
from dealml.learning.recipe.tuning import Trials, TuningResult, tune
from dealml.learning.spec import Trees
from dealml.moments import as_utc64
from tests.learning.snapshot_fixtures import END, FEATURES, SPEC, rows_of

POOR = replace(SPEC.trees, learning_rate=0.15, num_leaves=31, min_data_in_leaf=5, num_boost_round=30, lambda_l2=0.1)


@pytest.fixture(scope="module")
def trials(table: pd.DataFrame) -> Trials:
    rows = rows_of(table)
    return Trials.of(SPEC, rows, schema_of(rows.snapshots, FEATURES), as_utc64(END))


def searched(trials: Trials, journal: Path, most: int, settings: Trees = POOR, minutes: float = 5.0, study: str = "s") -> TuningResult:
    return tune(trials, settings, journal, study, most, minutes, lambda done, of: None)


def test_better_settings_are_found_and_kept(trials: Trials, tmp_path: Path) -> None:
    found = searched(trials, tmp_path / "j.log", 8)
    assert found.trials == 8
    assert found.is_better == (found.gain > found.error)
    assert found.gain >= 0
    assert trials.losses(POOR).mean() - trials.losses(found.settings if found.is_better else POOR).mean() == pytest.approx(
        found.gain if found.is_better else 0
    )
    assert found.settings.seed == POOR.seed


def test_the_first_trial_is_the_specification_and_no_gain_keeps_it(trials: Trials, tmp_path: Path) -> None:
    found = searched(trials, tmp_path / "j.log", 1)
    assert (found.gain, found.is_better, found.settings) == (0.0, False, POOR)


def test_a_search_goes_on_where_it_stopped_and_a_study_stands_alone(trials: Trials, tmp_path: Path) -> None:
    journal = tmp_path / "j.log"
    assert searched(trials, journal, 2).trials == 2
    assert searched(trials, journal, 4).trials == 4
    assert searched(trials, journal, 3).trials == 4
    assert searched(trials, journal, 1, study="other").trials == 1


def test_no_trial_begins_after_the_time_is_over(trials: Trials, tmp_path: Path) -> None:
    assert searched(trials, tmp_path / "j.log", 50, minutes=1e-9).trials <= 1


def test_settings_outside_the_space_are_still_what_must_be_beaten(trials: Trials, tmp_path: Path) -> None:
    found = searched(trials, tmp_path / "j.log", 2, settings=replace(POOR, min_data_in_leaf=1))
    assert found.trials == 2
    assert found.settings.min_data_in_leaf != 1 or not found.is_better


def test_losses_are_those_of_held_out_rows(trials: Trials) -> None:
    losses = trials.losses(POOR)
    assert len(losses) == sum(cut.later.sum() for cut in trials.folds)
    assert (losses > 0).all()
    assert np.isfinite(losses).all()
