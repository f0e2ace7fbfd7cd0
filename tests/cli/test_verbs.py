"""Every verb does its job and says so: for people, and as one JSON object."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dealml.cli.main import app
from dealml.project import Project
from tests.cli.conftest import Ran
from tests.conftest import CUT, MAPPING, Company, ScoredFiles

Run = Callable[..., Ran]
VERBS = [
    *("init", "demo", "import", "features", "tune", "train", "evaluate", "backtest", "compare-baseline", "score"),
    *("explain", "explain-change", "what-if", "deal-report", "outlook", "replay"),
    *("forecast", "forecast-backtest", "review", "serve", "forecast-value-added", "metrics"),
    *("scenarios", "qualify", "economics", "check-commitments", "choose"),
]
DATE = f"{CUT:%Y-%m-%d}"


def test_the_verbs_are_those_of_the_contract() -> None:
    assert [command.name for command in app.registered_commands] == VERBS
    groups = {group.typer_instance.info.name: group.typer_instance.registered_commands for group in app.registered_groups}
    assert {name: [command.name or command.callback.__name__ for command in commands] for name, commands in groups.items()} == {
        "models": ["list", "show", "compare", "promote", "rollback"],
        "study": ["progress-vs-activity"],
        "override": ["add", "import", "list"],
        "ledger": ["list", "undo"],
    }


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(dealml: Run, verb: str) -> None:
    ran = dealml(verb, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: dealml {verb} ")


def test_without_a_verb_the_help_is_shown(dealml: Run) -> None:
    ran = dealml()
    assert (ran.code, ran.err) == (0, "")
    assert all(f"\n  {verb} " in ran.out for verb in VERBS)


def test_init_makes_a_project_and_leaves_one_alone(dealml: Run, tmp_path: Path) -> None:
    first = dealml("init", tmp_path / "p")
    assert (first.code, first.err) == (0, "")
    assert "made features, models, pipelines, prefect.yaml, dealml.toml" in first.out
    (tmp_path / "p" / "dealml.toml").write_text('[company]\nname = "Zażółć"\n', encoding="utf-8")
    again = dealml("init", tmp_path / "p")
    assert "left as it is" in again.out
    assert Project(tmp_path / "p").settings.company.name == "Zażółć"


def test_demo_writes_an_export_and_the_truth_beside_it(dealml: Run, tmp_path: Path) -> None:
    report = dealml("demo", tmp_path / "c", "--deals", 30, "--customers", 5, "--seed", 2, "--json").json
    assert report["deals"] == 30
    assert (tmp_path / "c" / "export" / "Opportunity.csv").is_file()
    assert (tmp_path / "c" / "truth" / "truth.parquet").is_file()


def test_import_counts_every_row_and_changes_nothing_the_second_time(dealml: Run, tmp_path: Path) -> None:
    dealml("demo", tmp_path / "c", "--deals", 30, "--customers", 5)
    dealml("init", tmp_path / "p")
    words = ("import", tmp_path / "c" / "export", "--mapping", MAPPING, "--project", tmp_path / "p", "--json")
    first, again = dealml(*words).json, dealml(*words).json
    for report in (first, again):
        assert report["rows_in"] == report["accepted"] + report["quarantined"] + report["duplicates"]
    assert first["accepted"] > 1000
    assert (again["already_imported"], again["accepted"]) == (True, 0)
    assert again["ledger_digest"] == first["ledger_digest"] == Project(tmp_path / "p").ledger.digest
    assert set(first["absent_features"]) == {"account_churn", "deal_loss", "deal_win", "lead_conversion", "lead_win"}
    assert "orders" in str(first["absent_features"]["account_churn"])
    ran = dealml(*words[:-1])
    assert f"rows in {first['rows_in']:,} = accepted 0 + " in ran.out
    assert "nothing changed" in ran.out


def test_features_lists_the_dictionary(dealml: Run, company: Company) -> None:
    report = dealml("features", "deal_win", "--list", "--project", company.project.folder, "--json").json
    assert len(report["deal_win"]) >= 60
    assert set(report["deal_win"][0]) == {"name", "subject", "meaning", "unit", "empty", "expect", "actionable", "entered"}
    ran = dealml("features", "--list", "--project", company.project.folder)
    assert "champion_depth" in ran.out
    assert "account_churn: " in ran.out


def test_features_writes_the_table(dealml: Run, company: Company, tmp_path: Path) -> None:
    report = dealml(
        "features", "tiny", "--as-of", DATE, "--out", tmp_path / "f.parquet", "--project", company.project.folder, "--json"
    ).json
    table = pq.read_table(tmp_path / "f.parquet")
    assert table.num_rows == report["rows"]
    assert {"deal_id", "as_of", "stage", "champion_depth"} <= set(table.column_names)


def test_training_again_in_another_process_gives_the_same_model(company: Company) -> None:
    """With another seed of hashes, standard output that holds one object, and no new version."""
    import json

    command = [sys.executable, "-m", "dealml", "train", "tiny", "--as-of", DATE, "--project", str(company.project.folder), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PYTHONHASHSEED": "4"}, check=False)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["model_digest"] == company.tiny.registered.digest
    assert (report["version"], report["champion"]) == (1, True)
    assert report["features"] == company.tiny.fitted.schema.names[:-1]
    assert "Traceback" not in done.stderr
    assert "Warning" not in done.stderr


def test_evaluate_measures_the_model_beside_its_baselines(dealml: Run, company: Company) -> None:
    report = dealml("evaluate", "tiny", "--project", company.project.folder, "--json").json
    assert set(report["overall"]) == {"model", "base_rate", "stage_rates", "heuristic", "naive_bayes", "logistic_regression"}
    for metrics in report["overall"].values():
        assert {"log_loss", "brier", "brier_skill", "auc", "average_precision", "calibration_error"} <= set(metrics)
        assert metrics["log_loss"]["low"] <= metrics["log_loss"]["value"] <= metrics["log_loss"]["high"]
    assert report["method"] == "later time"
    assert set(report["slices"]["horizon"]) == {"30", "90", "180"}
    assert len(report["slices"]["age"]) > 3
    assert report["overall"]["model"]["auc"]["value"] > 0.7


def test_evaluate_tells_people(dealml: Run, company: Company) -> None:
    ran = dealml("evaluate", "tiny", "--as-of", "2025-12-01", "--project", company.project.folder)
    assert ran.code == 0
    for word in (
        "log loss",
        "Brier skill",
        "AUC",
        "average precision",
        "calibration error",
        "base rate",
        "stage rates",
        "logistic regression",
        "180+",
    ):
        assert word in ran.out


def test_score_reports_and_writes(dealml: Run, company: Company, tmp_path: Path) -> None:
    words = ("score", "tiny", "--as-of", "2025-02-03T09:00:00+01:00", "--out", tmp_path / "s.csv", "--project", company.project.folder)
    report = dealml(*words, "--json").json
    assert report["as_of"] == "2025-02-03T08:00:00+00:00"
    assert report["rows"] == report["entities"] * 3 == report["written"]
    ran = dealml(*words)
    assert (ran.code, ran.err) == (0, "")
    assert "0 new in the score database" in ran.out


def test_scores_before_the_training_say_so(dealml: Run, company: Company, tmp_path: Path) -> None:
    ran = dealml("score", "tiny", "--as-of", "2024-12-02", "--out", tmp_path / "s.parquet", "--project", company.project.folder)
    assert ran.code == 0
    assert ran.err.startswith("note: the model was trained on what was recorded through 3 Feb 2025")


def test_explain_shows_one_score(dealml: Run, company: Company, scored: ScoredFiles) -> None:
    row = next(r for r in pq.read_table(scored.scores).to_pylist() if r["horizon_days"] == 90)
    words = ("explain", row["entity_id"], "--as-of", DATE, "--model", "deal_win", "--project", company.project.folder)
    ran = dealml(*words)
    assert ran.code == 0
    assert f"90 days {row['probability']:.1%}" in ran.out
    assert row["reasons"][0]["sentence"][:40] in ran.out


def test_explain_finds_the_model_itself(dealml: Run, company: Company, scored: ScoredFiles) -> None:
    """account_churn has no champion; deal_win is the next that speaks of this deal."""
    row = next(r for r in pq.read_table(scored.scores).to_pylist() if r["horizon_days"] == 90)
    report = dealml("explain", row["entity_id"], "--as-of", DATE, "--project", company.project.folder, "--json").json
    assert report["model"] == "deal_win"
    again = next(score for score in report["scores"] if score["horizon_days"] == 90)
    assert again["probability"] == row["probability"]
    assert [{name: value for name, value in reason.items() if name != "money"} for reason in again["reasons"]] == row["reasons"]


def test_review_writes_the_page(dealml: Run, company: Company, tmp_path: Path) -> None:
    report = dealml(
        "review", "--as-of", DATE, "--out", tmp_path / "r.html", "--model", "tiny", "--project", company.project.folder, "--json"
    ).json
    page = (tmp_path / "r.html").read_bytes()
    assert report["bytes"] == len(page)
    assert report["entities"] > 20
    assert page.startswith(b"<!doctype html>") or page.startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize("as_of", ["2000-01-03", "2031-01-06"])
def test_an_empty_pipeline_ends_well(dealml: Run, company: Company, tmp_path: Path, as_of: str) -> None:
    folder = company.project.folder
    assert dealml("score", "tiny", "--as-of", as_of, "--out", tmp_path / "s.csv", "--project", folder).code == 0
    assert dealml("features", "tiny", "--as-of", as_of, "--out", tmp_path / "f.csv", "--project", folder).code == 0
    assert dealml("outlook", "--as-of", as_of, "--out", tmp_path / "o.csv", "--project", folder).code == 0
    assert dealml("review", "--as-of", as_of, "--out", tmp_path / "r.html", "--model", "tiny", "--project", folder).code == 0
