"""`dealml study progress-vs-activity`: a table and one object of the same figures, one line where it cannot be, and nothing written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import dealml.jobs.modelling.study as job
from dealml.errors import ModelError
from dealml.evaluation.study import Study
from dealml.ledger.ledger import Ledger
from dealml.project import Project
from tests.cli.conftest import Ran
from tests.cli.test_errors import files, one_line

Run = Callable[..., Ran]
SMALL = '''"""A model with a few features on either side, quick to compute."""

from dealml import Model, Shown, Trees, Won
from features import activity, champion, milestones, problem, segment, stage

MODEL = Model(
    name="small", entity="deal_id", outcomes=(Won(),), horizons=(90,), main_horizon=90,
    features=(stage.stage, segment.segment, segment.country, milestones.milestones_reached, champion.champion_depth,
              problem.problem, activity.meetings, activity.activities_30d),
    shown=Shown(stage="stage", segment="segment"), trees=Trees(num_boost_round=40),
)
'''


@dataclass(frozen=True)
class Done:
    project: Project
    study: Study
    written: set[str]
    """Files that the study added or changed."""


@pytest.fixture(scope="module")
def done(copied: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory) -> Done:
    """A study of `small` in a project where nothing was trained."""
    project = copied(tmp_path_factory.mktemp("study") / "project")
    (project.folder / "models" / "small.py").write_text(SMALL, encoding="utf-8")
    before = files(project.folder)
    report = job.progress_vs_activity(project, "small")
    after = files(project.folder)
    return Done(project, report, {name for name in after if after[name] != before.get(name)})


@pytest.fixture
def study(done: Done, dealml: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command on the study that is there already."""
    monkeypatch.setattr(job, "progress_vs_activity", lambda project, model, as_of, progress: done.study)
    return lambda *words: dealml("study", "progress-vs-activity", "--project", done.project.folder, *words)


def test_a_study_of_the_simulated_company(done: Done) -> None:
    """There a deal's progress decides, and how busy it is says little."""
    assert done.study.verdict.says_more == "progress"
    assert {name: len(feature_set.features) for name, feature_set in done.study.sets.items()} == {
        "context": 3,
        "progress": 6,
        "activity": 5,
        "both": 8,
    }
    assert done.written == set()


def test_the_object_holds_everything(done: Done, study: Run) -> None:
    report = study("--json").json
    assert (report["model"], report["rung"], report["horizon_days"]) == ("small", "lightgbm", 90)
    assert report["ledger_digest"] == done.project.ledger.digest
    assert list(report["sets"]) == ["context", "progress", "activity", "both"]
    for feature_set in report["sets"].values():
        assert feature_set["log_loss"]["low"] < feature_set["log_loss"]["value"] < feature_set["log_loss"]["high"]
    gain = next(gain for gain in report["gains"] if (gain["better"], gain["over"]) == ("progress", "activity"))
    assert gain["shown"] is True
    assert gain["lower_by"]["low"] > 0
    assert {rise["subject"] for rise in report["importances"]} == {"stage", "segment", "milestones", "champion", "problem", "activity"}
    assert (report["says_more"], report["verdict"]) == ("progress", done.study.verdict.message)
    assert report["absent"] == {"progress": ["stakeholders", "economics", "commitments", "trigger"], "activity": ["touchpoints"]}


def test_people_are_told_the_same(done: Done, study: Run) -> None:
    ran = study()
    assert (ran.code, ran.err) == (0, "")
    for gain in done.study.gains:
        assert f"{gain.lower_by.value:+.4f} {gain.lower_by.low:+.4f}…{gain.lower_by.high:+.4f}" in ran.out
    for importance in done.study.importances:
        assert f"{importance.rise.value:+.4f} {importance.rise.low:+.4f}…{importance.rise.high:+.4f}" in ran.out
    assert "small, lightgbm: learned from" in ran.out
    assert "activity is judged without touchpoints" in ran.out
    assert ran.out.endswith(f"\n{done.study.verdict.message}\n")


def test_a_side_without_features_is_one_line(dealml: Run, done: Done) -> None:
    ran = dealml("study", "progress-vs-activity", "--model", "tiny", "--project", done.project.folder)
    one_line(ran, 4, "tiny: nothing to compare: no feature of activity (activity, touchpoints)", "docs/study.md")


def test_too_few_outcomes_are_one_line(dealml: Run, done: Done) -> None:
    ran = dealml("study", "progress-vs-activity", "--model", "small", "--as-of", "2023-08-07", "--project", done.project.folder)
    one_line(ran, 4, "small: too few outcomes for a study", "import more history")


def test_a_model_of_accounts_is_refused(dealml: Run, done: Done) -> None:
    ran = dealml("study", "progress-vs-activity", "--model", "account_churn", "--project", done.project.folder)
    one_line(ran, 2, "--model: account_churn is a model of accounts; the study compares")


def test_a_cross_section_is_refused(dealml: Run, done: Done, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ledger, "is_cross_section", True)
    ran = dealml("study", "progress-vs-activity", "--project", done.project.folder)
    one_line(ran, 3, "a cross-section, which has no dates; a study needs a later time to be judged on")


def test_without_a_model_it_is_the_first_of_deals(dealml: Run, done: Done, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(project: Project, spec: object, as_of: object, progress: object) -> None:
        raise ModelError(f"asked of {spec.name}")  # type: ignore[attr-defined]

    monkeypatch.setattr(job, "labelled_history", stopped)
    one_line(dealml("study", "progress-vs-activity", "--project", done.project.folder), 4, "asked of deal_win")
