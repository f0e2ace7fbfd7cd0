"""Scenarios in their public form, and as the table of a flow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from dealml.api.results.scenarios_result import scenarios_result
from dealml.flows import scenario_table
from dealml.jobs.choosing.scenarios import EntityScenarios, ScenarioReport
from dealml.scenarios.consequences import Consequences
from dealml.scenarios.matching import MatchedScenario
from dealml.scenarios.mined import MinedScenarios
from tests.scenarios.test_matching import PAIR, SINGLE

BROUGHT = replace(PAIR, consequences=Consequences(1000.0, 5000.0, 90.0, 4, 1))
MINED = MinedScenarios(datetime(2025, 6, 2, tzinfo=UTC), 200, 60, ("segment", "trigger"), 12, (BROUGHT,), (SINGLE,), ("a note",))
OPEN = (EntityScenarios("deal", "d1", (MatchedScenario(BROUGHT), MatchedScenario(SINGLE, ("trigger",)))), EntityScenarios("lead", "l1", ()))
REPORT = ScenarioReport(MINED, "EUR", OPEN, Path("scenarios/2025.json"), "digest")


def test_each_scenario_and_each_match_is_a_row() -> None:
    result = scenarios_result(REPORT)
    assert result.scenarios["name"].tolist() == ["segment: SMB · trigger: Audit", "trigger: Audit"]
    assert result.scenarios.loc[0, ["deals", "won", "lift", "customers", "churned"]].tolist() == [100, 50, 0.5 / 0.3, 4, 1]
    assert result.open[["kind", "id", "state", "unknown"]].values.tolist() == [
        ["deal", "d1", "matched", ""],
        ["deal", "d1", "possible", "trigger"],
    ]
    assert (result.deals, result.won, result.notes) == (200, 60, ("a note",))


def test_a_flow_shows_them_as_a_table() -> None:
    row = scenario_table(scenarios_result(REPORT))[0]
    assert (row["scenario"], row["win rate"], row["95% interval"], row["lift"]) == (
        "segment: SMB · trigger: Audit",
        "50%",
        "40% to 60%",
        "1.67",
    )


def test_without_a_scenario_the_frames_are_empty() -> None:
    result = scenarios_result(replace(REPORT, mined=replace(MINED, winning=(), losing=()), entities=()))
    assert len(result.scenarios) == len(result.open) == 0
    assert scenario_table(result) == []
