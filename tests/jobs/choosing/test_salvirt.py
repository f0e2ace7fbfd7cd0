"""Scenarios and the five tests on 448 real deals, each with the judgements of its seller; skipped where the set is not there."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from dealml.importing.import_source import import_source
from dealml.jobs.choosing.qualify import QualificationReport, qualify
from dealml.jobs.choosing.scenarios import ScenarioReport, scenarios
from dealml.jobs.modelling.train import train
from dealml.project import Project, make_project
from tests.shared_data_fixtures import ROOT, mapping_of, shared

FILE = "Salvirt_B2B_ML_dataset.csv"
EVERY = 10
"""One deal in ten is taken for open."""


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (shared("salvirt_b2b") / FILE).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.fixture(scope="module")
def project(rows: list[dict[str, str]], empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with the example's definitions, in which one deal in ten is open."""
    folder = tmp_path_factory.mktemp("salvirt")
    make_project(folder / "project")
    for name in ("features", "models"):
        shutil.copytree(ROOT / "examples" / "salvirt" / name, folder / "project" / name, dirs_exist_ok=True)
    shutil.copy(empty_store, folder / "project" / "mlflow.db")
    with (folder / FILE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(row | ({"Status": ""} if number % EVERY == 0 else {}) for number, row in enumerate(rows))
    project = Project(folder / "project")
    import_source(folder, mapping_of("salvirt"), project.ledger)
    return project


@pytest.fixture(scope="module")
def mined(project: Project) -> ScenarioReport:
    return scenarios(project)


@pytest.fixture(scope="module")
def report(project: Project, mined: ScenarioReport) -> QualificationReport:
    assert mined.stored.is_file()
    train(project, "salvirt", None)
    return qualify(project)


def test_scenarios_count_what_the_file_has(mined: ScenarioReport, rows: list[dict[str, str]]) -> None:
    columns = {"up_sale": "Up_sale", "product": "Product", "partnership": "Partnership", "competitors": "Competitors"}
    closed = [row for number, row in enumerate(rows) if number % EVERY]
    compared = 0
    for scenario in mined.mined.all:
        if {condition.feature for condition in scenario.conditions} <= set(columns):
            matched = [row for row in closed if all(row[columns[c.feature]] == c.value for c in scenario.conditions)]
            assert (scenario.deals, scenario.won) == (len(matched), sum(row["Status"] == "Won" for row in matched))
            compared += 1
    assert compared >= 1
    assert any("up_sale" in {condition.feature for condition in scenario.conditions} for scenario in mined.mined.losing)
    assert "seller" not in mined.mined.features  # no ranking of people


def test_the_five_tests_say_what_the_seller_judged(report: QualificationReport) -> None:
    assert report.as_of is None
    deals = report.entities
    assert {entity.advice for entity in deals} == {"pursue", "nurture", "decline"}
    words = {verdict.test: set() for verdict in deals[0].verdicts}
    for entity in deals:
        for verdict in entity.verdicts:
            words[verdict.test] |= {*verdict.speaks_for, *verdict.speaks_against}
    assert set(words) == {"sponsor", "pain", "position", "process", "fit"}
    assert "a budget is set aside" in words["sponsor"]
    assert "competitors are after the deal" in words["position"]


def test_the_probability_parts_what_is_pursued_from_what_is_declined(report: QualificationReport, rows: list[dict[str, str]]) -> None:
    assert len(report.entities) == sum(number % EVERY == 0 for number in range(len(rows)))
    pursued, declined = ([entity.ratio or 0 for entity in report.entities if entity.advice == advice] for advice in ("pursue", "decline"))
    assert min(pursued) >= 1 > max(declined)
