"""The job: scenarios of the small company, what is open in them, and what is stored."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from dealml.jobs.choosing.scenarios import ScenarioReport, scenarios
from dealml.project import Project
from dealml.scenarios.store import latest_scenarios
from tests.conftest import CUT


@dataclass(frozen=True)
class Done:
    project: Project
    report: ScenarioReport
    matches: Path


@pytest.fixture(scope="module")
def done(copied: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory) -> Done:
    """The scenarios of the small company, with rules of few deals."""
    project = copied(tmp_path_factory.mktemp("scenarios") / "project")
    file = project.folder / "models" / "scenarios.py"
    file.write_text(file.read_text().replace("    bands={", "    fewest_deals=25,\n    bands={"), encoding="utf-8")
    matches = project.folder / "matches.csv"
    return Done(project, scenarios(project, CUT, matches), matches)


def test_a_company_has_scenarios_that_count_what_the_ledger_has(done):
    mined = done.report.mined
    assert "trigger: No trigger" in {scenario.name for scenario in mined.losing}  # as the simulation has it
    for scenario in mined.all:
        assert scenario.won <= scenario.deals <= mined.deals
        assert sum(half.deals for half in scenario.half_years) == scenario.deals
        assert scenario.consequences is not None
        assert scenario.consequences.churned <= scenario.consequences.customers
    assert all(scenario.rate.lift >= 1.25 for scenario in mined.winning)
    assert all(scenario.rate.lift <= 0.8 for scenario in mined.losing)


def test_every_open_deal_and_lead_is_matched(done):
    kinds = {kind: [entity for entity in done.report.entities if entity.kind == kind] for kind in ("deal", "lead")}
    assert len(kinds["deal"]) > 20
    assert len(kinds["lead"]) > 20
    rows = list(csv.DictReader(done.matches.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == sum(len(entity.matched) for entity in done.report.entities)
    assert {"deal"} <= {row["kind"] for row in rows} <= {"deal", "lead"}


def test_scenarios_are_stored_for_reviews(done):
    stored = latest_scenarios(done.project.folder, CUT)
    assert stored is not None
    assert stored.mined == done.report.mined
    assert stored.ledger_digest == done.project.ledger.digest
