"""Explanations of a real ledger: sums, evidence that is recomputed from what the command line writes, similar cases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from dealml.errors import InputError, UsageError
from dealml.jobs.explaining.explain import Backing, Explanation, explain
from dealml.jobs.explaining.score_changes import explain_changes
from dealml.jobs.scoring.feature_table import write_features
from dealml.jobs.scoring.score import score_all
from dealml.learning.training import fit
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.project import Project
from dealml.reasons.evidence import Comparable, Evidence
from dealml.tracking import Registry
from tests.conftest import CUT, Company, ScoredFiles

LEAVING = '''"""A small model of customers."""

from dealml import Cancelled, Model, Shown, Trees
from features import subscription, usage

MODEL = Model(
    name="leaving", entity="account_id", outcomes=(Cancelled(),), horizons=(30, 90), main_horizon=90,
    features=(subscription, usage), shown=Shown(amount="arr"), stage="", trees=Trees(num_boost_round=30),
)
'''


@pytest.fixture(scope="module")
def explained(company: Company, scored: ScoredFiles) -> list[Explanation]:
    ids = sorted(set(pq.read_table(scored.scores)["entity_id"].to_pylist()))
    return [explain(company.project, entity, CUT, "tiny") for entity in ids[:: len(ids) // 5]]


@pytest.fixture(scope="module")
def churn(copied: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with a small model of customers."""
    project = copied(tmp_path_factory.mktemp("churn") / "project")
    (project.folder / "models" / "leaving.py").write_text(LEAVING, encoding="utf-8")
    recorded(project, "leaving", "logistic")
    return project


def recorded(project: Project, name: str, rung: str) -> None:
    """Fit and register a model with a rung of one's choice: on so few customers a training would keep the base rate."""
    view = View.of(project.ledger, load_model(project.folder, name), CUT, project.query_settings)
    rows = view.labelled(view.history())
    fitted = fit(view.spec, rows, view.served_features(), view.outcome.outcome_name, view.end, project.ledger.digest, only=rung)
    Registry(project.tracking_uri, project.folder / "mlartifacts").record(fitted, {}, {})


@pytest.fixture(scope="module")
def retrained(copied: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with two versions that learned from the same facts, in different ways."""
    project = copied(tmp_path_factory.mktemp("retrained") / "project")
    recorded(project, "tiny", "logistic")
    recorded(project, "tiny", "lightgbm")
    return project


def test_groups_add_up_to_the_served_probability(explained: list[Explanation]) -> None:
    for found in explained:
        total = sum(group.points for group in found.groups)
        assert abs(found.main["base_probability"] + total - found.main["probability"]) < 1e-9
        assert abs(found.main["base_margin"] + sum(group.log_odds for group in found.groups) - found.main["margin"]) < 1e-9
        assert {group.subject for group in found.groups} == {"stage", "milestones", "champion", "segment", "time"}


def test_parts_add_up_in_money(company: Company, explained: list[Explanation]) -> None:
    assert {group.money for found in explained for group in found.groups} == {None}, "this model shows no amount"
    found = explain(company.project, explained[0].entity_id, CUT, "deal_win", with_past=False)
    assert found.amount is not None
    assert abs(found.main["base_money"] + sum(group.money or 0 for group in found.groups) - found.main["money"]) < 1e-9
    assert found.main["money"] == found.main["probability"] * found.amount
    assert all(reason["money"] == reason["points"] * found.amount for reason in found.main["reasons"])


def test_a_customers_parts_add_up_and_their_evidence_is_counted_again(churn: Project, tmp_path: Path) -> None:
    write_features(churn, "leaving", CUT, tmp_path / "settled.parquet", settled=True)
    score_all(churn, "leaving", CUT, tmp_path / "scores.parquet")
    ids = sorted(set(pq.read_table(tmp_path / "scores.parquet")["entity_id"].to_pylist()))
    checked = 0
    for entity in ids[:: len(ids) // 4]:
        found = explain(churn, entity, CUT, "leaving")
        assert abs(found.main["base_probability"] + sum(group.points for group in found.groups) - found.main["probability"]) < 1e-9
        assert found.amount is not None
        assert abs(found.main["base_money"] + sum(group.money or 0 for group in found.groups) - found.main["money"]) < 1e-9
        for backing in found.evidence:
            recounted(backing, tmp_path / "settled.parquet", "accounts")
        checked += len(found.evidence)
    assert checked > 20


def recounted(backing: Backing, settled: Path, many: str) -> bool:
    """Make a sentence again from the counts that its query gives; whether it told shares."""
    counts = duckdb.execute(backing.query.replace("settled.parquet", str(settled))).fetchone()
    assert counts is not None
    alike, had, others, others_had = (int(count or 0) for count in counts)
    if min(alike, others) < 20:
        assert backing.sentence == f"Only {alike} like this and {others} others in the past: too few to tell."
        return False
    gap, low, high = (f"{100 * share:.0f}" for share in Evidence(Comparable(""), None, alike, had, others, others_had, "").difference)
    told = f"{100 * had / alike:.0f}% were won, against" if many == "deals" else f"{100 * had / alike:.0f}% were cancelled within 90 days"
    assert backing.sentence.startswith(f"Of {alike} {many} like this")
    assert told in backing.sentence
    assert (
        f"{100 * others_had / others:.0f}% of {others} others (difference {gap} points, 95% interval {low} to {high}, " in backing.sentence
    )
    return True


def test_every_number_of_the_evidence_comes_from_the_ledger_again(company: Company, explained: list[Explanation], tmp_path: Path) -> None:
    write_features(company.project, "tiny", CUT, tmp_path / "settled.parquet", settled=True)
    table, checked = pd.read_parquet(tmp_path / "settled.parquet"), 0
    assert (table["as_of"] < CUT).all()
    assert (table["ended_at"] < CUT).all()
    for found in explained:
        checked += sum(recounted(backing, tmp_path / "settled.parquet", "deals") for backing in found.evidence)
    assert checked > 10


def test_similar_cases_were_over_by_then_and_are_told_once(company: Company, explained: list[Explanation]) -> None:
    for found in explained:
        ids = [one.entity_id for one in found.similar]
        assert len(ids) == len(set(ids)) == 10
        assert found.entity_id not in ids
        assert [one.similarity for one in found.similar] == sorted((one.similarity for one in found.similar), reverse=True)
        assert all(one.as_of < CUT and one.days is not None and one.days > 0 for one in found.similar)
    assert {one.had for found in explained for one in found.similar} == {True, False}


def test_the_changes_of_all_balance(company: Company, tmp_path: Path) -> None:
    start, end = CUT - pd.Timedelta(days=28).to_pytimedelta(), CUT
    found = explain_changes(company.project, "tiny", start, end, out=tmp_path / "changes.parquet")
    table = pd.read_parquet(tmp_path / "changes.parquet")
    sums = table.groupby("entity_id")["points"].sum()
    moved = table.drop_duplicates("entity_id").set_index("entity_id")
    assert ((moved["probability_after"] - moved["probability_before"]) - sums).abs().max() < 1e-9
    assert found.entities >= len(sums) > 20
    assert set(table["part"]) == {"time", "facts"}
    folder = tmp_path / "then.parquet"
    score_all(company.project, "tiny", end, folder)
    scores = pd.read_parquet(folder).query("horizon_days == 90").set_index("entity_id")["probability"]
    assert (moved["probability_after"] == scores.loc[moved.index]).all()


def test_a_week_without_events_is_the_passage_of_time_alone(company: Company) -> None:
    """After the end of the data nothing goes on record any more."""
    end = View.of(company.project.ledger, load_model(company.project.folder, "tiny")).end
    found = explain_changes(company.project, "tiny", end, end + pd.Timedelta(days=7).to_pytimedelta())
    assert set(found.table["part"]) == {"time"}
    assert (found.by_entity["change"] - found.by_entity["time"]).abs().max() < 1e-9
    assert set(found.table.loc[found.table["feature"] == "days_in_stage", "part"]) == {"time"}


def test_a_retrain_without_new_data_is_the_other_version_alone(retrained: Project) -> None:
    found = explain_changes(retrained, "tiny", CUT, CUT, version=2, version_before=1)
    assert set(found.table["part"]) <= {"model", "calibration"}
    assert found.by_entity["change"].abs().max() > 0.001
    whole = found.by_entity
    assert (whole["change"] - whole["model"] - whole["calibration"]).abs().max() < 1e-9
    with pytest.raises(UsageError, match="give a moment before --to, or the same one with --from-version N"):
        explain_changes(retrained, "tiny", CUT, CUT, version=2)


def test_what_became_unknown_is_told_as_not_known(company: Company) -> None:
    """Features of the last weeks are not known of who had nothing in them: a value may be missing on either side."""
    start = CUT - pd.Timedelta(days=28).to_pytimedelta()
    table = explain_changes(company.project, "deal_win", start, CUT).table
    gone = table[table["value_after"].isna() & (table["part"] == "facts")]
    assert len(gone)
    assert gone["sentence"].str.endswith(": not known").all()


def test_time_leads_from_then_to_now_and_facts_from_there_on(company: Company) -> None:
    table = explain_changes(company.project, "tiny", CUT - pd.Timedelta(days=28).to_pytimedelta(), CUT).table
    waits = table[(table["feature"] == "days_in_stage")].set_index(["entity_id", "part"])
    both = waits.index.to_frame()["entity_id"].value_counts().loc[lambda n: n == 2].index
    assert len(both)
    for entity in both:
        time, facts = waits.loc[(entity, "time")], waits.loc[(entity, "facts")]
        assert float(time["value_after"]) - float(time["value_before"]) == pytest.approx(28, abs=1.0), "told in three digits"
        assert facts["value_before"] == time["value_after"]


def test_only_what_was_at_stake_at_both_moments_has_a_change(company: Company) -> None:
    with pytest.raises(InputError, match="D999999: no deal, account or lead of this name is on record for tiny"):
        explain_changes(company.project, "tiny", CUT - pd.Timedelta(days=28).to_pytimedelta(), CUT, "D999999")


def test_the_past_can_be_left_out(company: Company, explained: list[Explanation], monkeypatch: pytest.MonkeyPatch) -> None:
    found = explain(company.project, explained[0].entity_id, CUT, "tiny", with_past=False)
    assert (found.evidence, found.similar, found.scores) == ([], [], explained[0].scores)
