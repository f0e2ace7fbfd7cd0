"""The study: whichever side was made to matter is found, and every verdict can come out."""

from __future__ import annotations

import re
from dataclasses import replace
from math import nan

import numpy as np
import pandas as pd
import pytest

from dealml import Trees
from dealml.errors import ModelError
from dealml.evaluation.metrics.bootstrap import Interval
from dealml.evaluation.metrics.metrics import log_loss
from dealml.evaluation.study import COMPARED, SETS, SUBJECTS, LogLossGain, Study, sides_of, study, verdict
from dealml.features.definition import Feature
from dealml.learning.training_rows import TrainingRows
from dealml.load_definitions import load_model
from tests.conftest import ROOT
from tests.learning.snapshot_fixtures import END, SPEC, rows_of, snapshots

QUICK = replace(SPEC, horizons=(60,), trees=Trees(num_boost_round=20, min_data_in_leaf=15))


def feature(name: str, subject: str, needs: tuple[str, ...] = (), entity: str | None = None, served: bool = True) -> Feature:
    return Feature(name, subject, name, lambda: None, entity, None, needs, "", None, "", False, served)  # type: ignore[arg-type, return-value]


def made(progress: str, activity: str) -> list[Feature]:
    """Which columns of the made-up snapshots stand for which side; `depth` decides, `noise` and `dice` do not."""
    return [
        feature("colour", "segment"),
        feature(progress, "champion"),
        feature(activity, "touchpoints"),
        feature("flat", "milestones"),
        feature("hidden", "activity", served=False),
    ]


@pytest.fixture(scope="module")
def rows() -> TrainingRows:
    table, random = snapshots(deals=420, seed=3, win=0.6), np.random.default_rng(8)
    drawn = {name: random.normal(size=len(table)) for name in ("noise", "dice", "hidden")}
    return rows_of(table.assign(**drawn), (60,))


@pytest.fixture(scope="module")
def progress_matters(rows: TrainingRows) -> Study:
    return study(QUICK, rows, made("depth", "noise"), "won", END)


def test_the_side_that_was_made_to_matter_says_more(progress_matters: Study) -> None:
    found = progress_matters
    assert found.verdict.says_more == "progress"
    assert re.match(
        r"progress says more than activity: log loss lower by 0\.\d{4}, 95% interval 0\.\d{4} to 0\.\d{4}$", found.verdict.message
    )
    shown = {(gain.better, gain.over): gain.is_shown for gain in found.gains}
    assert [shown[pair] for pair in COMPARED] == [True, False, True, True, False]
    assert found.importances[0].subject == "champion"
    assert found.importances[0].rise.low > 0


def test_the_same_with_the_sides_changed(rows: TrainingRows, progress_matters: Study) -> None:
    found = study(QUICK, rows, made("noise", "depth"), "won", END)
    assert found.verdict.says_more == "activity"
    # What is learned depends on what the features are, not on which side they stand.
    gain, mirrored = (
        next(g.lower_by for g in s.gains if (g.better, g.over) == ("progress", "activity")) for s in (found, progress_matters)
    )
    assert (gain.value, gain.low, gain.high) == pytest.approx((-mirrored.value, -mirrored.high, -mirrored.low))


def test_where_neither_matters_nothing_is_shown(rows: TrainingRows) -> None:
    found = study(QUICK, rows, made("noise", "dice"), "won", END)
    assert found.verdict.says_more == ""
    assert found.verdict.message.startswith("not shown by your data: the interval of the difference holds 0 (")


def test_sets_differ_in_the_sides_alone(progress_matters: Study) -> None:
    found = progress_matters
    assert {name: set(known.features) for name, known in found.sets.items()} == {
        "context": {"colour"},
        "progress": {"colour", "depth"},
        "activity": {"colour", "noise"},
        "both": {"colour", "depth", "noise"},
    }
    assert found.absent == {"progress": tuple(s for s in SUBJECTS["progress"] if s != "champion"), "activity": ("activity",)}
    assert [(i.subject, i.side, i.features) for i in sorted(found.importances, key=lambda i: i.subject)] == [
        ("champion", "progress", 1),
        ("segment", "context", 1),
        ("touchpoints", "activity", 1),
    ]


def test_a_gain_is_the_difference_of_the_log_losses(progress_matters: Study) -> None:
    losses = {name: known.log_loss.value for name, known in progress_matters.sets.items()}
    for gain in progress_matters.gains:
        assert gain.lower_by.value == pytest.approx(losses[gain.over] - losses[gain.better])


def test_what_is_judged_came_after_what_was_learned(rows: TrainingRows, progress_matters: Study) -> None:
    """The counts, by hand: settled before the cut, or weekly, of other deals, after it."""
    found, cut = progress_matters, pd.Timestamp(progress_matters.cut).tz_localize(None).to_datetime64()
    learned = rows.keep(rows.as_of + np.timedelta64(60, "D") <= cut)
    judged = rows.keep((rows.as_of >= cut) & ~np.isin(rows.entities, learned.entities))
    assert found.learned_entities == len(set(learned.entities))
    assert (found.rows, found.entities) == (len(judged), len(set(judged.entities)))
    assert found.with_outcome == len(set(judged.entities[judged.label == 1]))
    assert found.horizon_days == 60
    # A forecast of nothing but the share of wins is worse than any of the four.
    share = np.full(len(judged), judged.label.mean())
    assert found.sets["progress"].log_loss.value < log_loss(judged.label, share, np.ones(len(judged)))


def test_a_side_without_features_is_told_in_one_line(rows: TrainingRows) -> None:
    with pytest.raises(ModelError, match=r"^made: nothing to compare: no feature of activity \(activity, touchpoints\) has two different"):
        study(QUICK, rows, made("depth", "flat"), "won", END)


def test_too_few_outcomes_are_told_in_one_line(rows: TrainingRows) -> None:
    with pytest.raises(ModelError, match=r"^made: too few outcomes for a study: 40 deals with and without"):
        study(QUICK, rows.keep(rows.codes % 8 == 0), made("depth", "noise"), "won", END)


def test_what_is_made_of_a_side_knows_that_side() -> None:
    found = sides_of(
        [
            feature("problem", "problem"),
            feature("problem_win_lift", "history", entity="problem"),
            feature("stage", "stage", entity="deal_id"),
            feature("stage_win_lift", "history", entity="stage"),
            feature("calls", "activity"),
            feature("pace", "timing", needs=("calls", "clock")),
            feature("calls_by_problem", "milestones", needs=("pace", "problem_win_lift")),
        ]
    )
    assert {name: sorted(sides) for name, sides in found.items()} == {
        "problem": ["progress"],
        "problem_win_lift": ["progress"],
        "stage": [],
        "stage_win_lift": [],
        "calls": ["activity"],
        "pace": ["activity"],
        "calls_by_problem": ["activity", "progress"],
    }


def test_subjects_are_files_of_the_model_of_deals() -> None:
    declared = {feature.subject for feature in load_model(ROOT, "deal_win").all_features}
    assert {subject for subjects in SUBJECTS.values() for subject in subjects} <= declared
    assert {name for pair in COMPARED for name in pair} == set(SETS)


SURE, NO, WORSE = Interval(0.02, 0.01, 0.03), Interval(0.0, -0.01, 0.01), Interval(-0.02, -0.03, -0.01)


@pytest.mark.parametrize(
    ("progress", "activity", "between", "says_more", "told"),
    [
        (SURE, NO, SURE, "progress", "progress says more than activity: log loss lower by 0.0200, 95% interval 0.0100 to 0.0300"),
        (NO, SURE, WORSE, "activity", "activity says more than progress: log loss lower by 0.0200, 95% interval 0.0100 to 0.0300"),
        (SURE, SURE, NO, "", "the interval of the difference holds 0"),
        (NO, WORSE, SURE, "", "progress did better than activity .* but is not shown to add to what both know"),
        (WORSE, NO, WORSE, "", "activity did better than progress .* but is not shown to add to what both know"),
        (SURE, NO, Interval(0.02, nan, nan), "", "all held-out deals are of one account"),
        (SURE, NO, Interval(0.0, 0.0, 0.0), "", "the interval of the difference holds 0"),
    ],
)
def test_every_verdict(progress: Interval, activity: Interval, between: Interval, says_more: str, told: str) -> None:
    gains = [
        LogLossGain("progress", "context", progress),
        LogLossGain("activity", "context", activity),
        LogLossGain("progress", "activity", between),
    ]
    found = verdict(gains)
    assert found.says_more == says_more
    assert re.match(("" if says_more else "not shown by your data: ") + told, found.message)
