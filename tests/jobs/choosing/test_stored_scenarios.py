"""Stored scenarios against feature tables of deals and of leads."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from dealml.jobs.choosing.stored_scenarios import stored_matches
from dealml.project import Project
from dealml.scenarios.conditions import ScenarioCondition
from dealml.scenarios.estimates import ShrunkenRate
from dealml.scenarios.mined import MinedScenarios
from dealml.scenarios.scenario import Scenario
from dealml.scenarios.store import StoredScenarios, write_scenarios

AS_OF = datetime(2025, 6, 2, tzinfo=UTC)
CONDITIONS = (ScenarioCondition("champion_depth", "coach or seller"), ScenarioCondition("segment", "SMB"))
SCENARIO = Scenario(CONDITIONS, 100, 50, ShrunkenRate(0.5, 0.4, 0.6, 0.3), 0.01)
DEALS = pd.DataFrame({"deal_id": ["d1", "d2", "d3"], "champion_depth": [3.0, 4.0, 1.0], "segment": ["SMB", None, "SMB"]})


@pytest.fixture(scope="module")
def folder(imported: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project's definitions, and what was mined as of `AS_OF`."""
    folder = tmp_path_factory.mktemp("stored")
    for name in ("features", "models"):
        shutil.copytree(imported.folder / name, folder / name)
    write_scenarios(folder, StoredScenarios("digest", MinedScenarios(AS_OF, 200, 60, ("segment",), 9, (SCENARIO,), ())))
    return folder


def test_deals_are_matched_by_what_was_mined_by_then(folder: Path) -> None:
    matches = stored_matches(folder, DEALS, "deal_id", AS_OF)
    assert [[match.unknown for match in matches[deal]] for deal in ("d1", "d2", "d3")] == [[()], [("segment",)], []]
    assert stored_matches(folder, DEALS, "deal_id", AS_OF - timedelta(days=1)) == {}


def test_leads_are_matched_by_the_features_that_say_the_same(folder: Path) -> None:
    leads = pd.DataFrame({"lead_id": ["l1", "l2"], "lead_segment": ["SMB", "Enterprise"]})
    matches = stored_matches(folder, leads, "lead_id", AS_OF)
    assert [[match.unknown for match in matches[lead]] for lead in ("l1", "l2")] == [[("champion_depth",)], []]


def test_accounts_are_in_no_scenario(folder: Path) -> None:
    assert stored_matches(folder, pd.DataFrame({"account_id": ["a"]}), "account_id", AS_OF) == {}
