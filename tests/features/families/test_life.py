"""A model with families lives as any other: trained, scored, explained, replayed, tried, refitted with its own list of values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from dealml.errors import InputError
from dealml.evaluation.decisions.champion_challenger import CHALLENGER, CHAMPION, ComparisonData, compare_with_champion
from dealml.jobs.explaining.explain import explain
from dealml.jobs.explaining.what_if import try_values
from dealml.jobs.modelling.holdout import holdout_of, labelled_history
from dealml.jobs.progress import silent
from dealml.jobs.registry import registry_of
from dealml.jobs.scoring.replay import replay
from dealml.jobs.scoring.score import score_all
from dealml.learning.fitted import FittedModel
from dealml.learning.training import fit
from dealml.load_definitions import load_model
from dealml.moments import as_utc64
from dealml.project import Project
from tests.conftest import CUT

KINDS = '''"""A few features, and a family."""

from dealml import Model, Shown, Trees, Won
from features import activity, stage

MODEL = Model(
    name="kinds", entity="deal_id", outcomes=(Won(),), horizons=(30, 90), main_horizon=90, families=True,
    features=(stage.stage, stage.days_in_stage, activity.activities_all, activity.activity_kind),
    shown=Shown(stage="stage"), trees=Trees(num_boost_round=40),
)
'''


@pytest.fixture(scope="module")
def project(copied: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = copied(tmp_path_factory.mktemp("families") / "project")
    (made.folder / "models" / "kinds.py").write_text(KINDS, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def trained(project: Project) -> FittedModel:
    spec = load_model(project.folder, "kinds")
    view, rows = labelled_history(project, spec, CUT, silent)
    fitted = fit(spec, rows, view.served_features(), view.outcome.outcome_name, view.end, project.ledger.digest, "lightgbm")
    registry_of(project).record(fitted, {}, {})
    return fitted


def test_it_keeps_its_list_and_uses_it_again(project: Project, trained: FittedModel) -> None:
    (values,) = trained.families.values()
    served = registry_of(project).load(registry_of(project).champion("kinds"))
    assert (served.families, served.digest) == (trained.families, trained.digest)
    assert 2 <= len(values) <= 40
    members = [name for name in served.schema.names if name.startswith("activity_kind_")]
    assert len(members) > len(values)
    score_all(project, "kinds", CUT)
    without = replace(load_model(project.folder, "kinds"), families=False)
    _, rows = labelled_history(project, without, CUT, silent)
    assert not set(members) & set(rows.snapshots)


def test_every_score_is_replayed_and_its_reasons_say_the_value(project: Project, trained: FittedModel) -> None:
    report = score_all(project, "kinds", CUT)
    assert report.entities > 10
    entity = sorted(row.entity_id for row in replay(project, model="kinds"))[0]
    assert {row.horizon_days for row in replay(project, entity_id=entity)} == {30, 90}
    explained = explain(project, entity, CUT, "kinds", with_past=True)
    texts = [reason["sentence"] for reason in explained.main["reasons"] if reason["feature"].startswith("activity_kind_")]
    assert all("“" in text for text in texts)
    parts = explained.contributions
    assert parts.loc[parts["feature"].str.startswith("activity_kind_"), "log_odds"].abs().sum() > 0
    assert {group.subject for group in explained.groups} == {"stage", "activity", "time"}


def test_nobody_can_act_on_a_value_or_on_what_is_in_no_list(project: Project, trained: FittedModel) -> None:
    entity = sorted(row.entity_id for row in replay(project, model="kinds"))[0]
    member = next(name for name in trained.schema.names if name.startswith("activity_kind_count__"))
    for name in (member, "activity_kind_count__nothing"):
        with pytest.raises(InputError, match=name):
            try_values(project, entity, CUT, {name: "3"}, "kinds")


def test_held_out_the_list_is_that_of_the_time(project: Project, trained: FittedModel) -> None:
    holdout = holdout_of(project, "kinds", CUT, None, silent)
    origin = as_utc64(datetime.fromisoformat(holdout.model.trained_through))
    assert origin < as_utc64(CUT)
    assert holdout.model.families == holdout.view.families.lists_at(origin) != {}


def test_a_champion_with_families_is_refitted_with_them_though_they_are_off(project: Project, trained: FittedModel) -> None:
    spec = replace(load_model(project.folder, "kinds"), families=False)
    view, rows = labelled_history(project, spec, CUT, silent, [trained])
    plain = [feature.name for feature in spec.all_features]
    challenger = fit(spec, rows, plain, view.outcome.outcome_name, view.end, "", "lightgbm")
    data = ComparisonData(spec, rows, view.served_features(), view.outcome.outcome_name, view.end)
    compared = compare_with_champion(data, challenger, trained)
    assert set(compared.forms) == {CHALLENGER, CHAMPION}
    assert "gone" not in "".join(compared.forms.values())
    assert not challenger.families or not [name for name in challenger.schema.names if "__" in name]
