"""A source without dates from import to scores, with the example's own features and model."""

from __future__ import annotations

import csv
import json
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dealml.errors import ModelError
from dealml.importing.mapping.load import load_mapping
from dealml.jobs.scoring.served_models import view_for
from dealml.load_definitions import load_model
from dealml.project import make_project
from dealml.scoring.score import ServedModel
from tests.cli.conftest import Ran
from tests.conftest import CUT, ROOT, Company

Run = Callable[..., Ran]
EXAMPLE = ROOT / "examples" / "salvirt"
COLUMNS = [str(attribute.column) for attribute in load_mapping(EXAMPLE / "mapping.yaml").extracts[0].attributes.values()] + ["Status"]
OPEN = 4


@pytest.fixture(scope="module")
def folder(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the example's definitions, and 30 deals shaped like the example's, four of them open."""
    folder = tmp_path_factory.mktemp("undated")
    make_project(folder / "project")
    for name in ("features", "models"):
        shutil.copytree(EXAMPLE / name, folder / "project" / name, dirs_exist_ok=True)
    shutil.copy(empty_store, folder / "project" / "mlflow.db")
    chance = random.Random(1)
    rows = [[chance.choice(["Yes", "No", "Unknown"]) for _ in COLUMNS[:-1]] + [chance.choice(["Won", "Lost"])] for _ in range(30)]
    for row in rows[:OPEN]:
        row[-1] = ""
    (folder / "source").mkdir()
    with (folder / "source" / "Salvirt_B2B_ML_dataset.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([COLUMNS, *rows])
    return folder


def test_from_import_to_scores(dealml: Run, folder: Path) -> None:
    here = ("--project", folder / "project")
    imported = dealml("import", folder / "source", "--mapping", EXAMPLE / "mapping.yaml", *here, "--json").json
    assert (imported["accepted"], imported["not_selected"]) == (60 - OPEN, OPEN)
    trained = dealml("train", "salvirt", *here, "--json").json
    assert (trained["counts"]["entities"], trained["rung"], trained["horizons"]) == (30 - OPEN, "base_rate", [1])
    scored = dealml("score", "salvirt", "--out", folder / "scores.csv", *here, "--json").json
    assert scored["entities"] == scored["rows"] == OPEN
    assert scored["as_of"] is None
    assert any("the horizon of these scores is nominal" in note for note in scored["notes"])
    with (folder / "scores.csv").open(encoding="utf-8", newline="") as file:
        deal = next(csv.DictReader(file))["entity_id"]
    assert json.loads(dealml("explain", deal, "--model", "salvirt", *here, "--json").out)["entity_id"] == deal
    assert dealml("features", "salvirt", "--out", folder / "f.csv", *here).code == 0
    assert dealml("review", "--model", "salvirt", "--out", folder / "r.html", *here).code == 0
    unknown = dealml("explain", "D1", "--model", "salvirt", *here)
    assert (unknown.code, "no deal, account or lead whose outcome is open in this cross-section" in unknown.err) == (3, True)
    for words in (["train"], ["evaluate"], ["score"], ["features", "--out", folder / "f.csv"]):
        refused = dealml(words[0], "salvirt", *words[1:], "--as-of", "2026-01-05", *here)
        assert (refused.code, "a cross-section, which has no dates; leave --as-of out" in refused.err) == (3, True)


@pytest.mark.parametrize("verb", ["score", "features"])
def test_a_ledger_with_dates_needs_the_moment(dealml: Run, company: Company, tmp_path: Path, verb: str) -> None:
    ran = dealml(verb, "tiny", "--out", tmp_path / "f.csv", "--project", company.project.folder)
    assert (ran.code, "Missing option '--as-of': give the moment" in ran.err) == (2, True)


def test_a_model_of_a_cross_section_is_not_for_dated_snapshots(company: Company) -> None:
    undated = ServedModel(replace(company.tiny.fitted, cross_section=True), 3, "0" * 64)
    with pytest.raises(ModelError, match=r"version 3 learned from a cross-section, and this ledger has dates"):
        view_for(undated, company.project, load_model(company.project.folder, "tiny"), CUT)
