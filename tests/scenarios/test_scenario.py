"""What a scenario is called, and whether it holds."""

from __future__ import annotations

from dealml.scenarios.estimates import ShrunkenRate
from dealml.scenarios.scenario import HalfYear, Scenario
from tests.scenarios.test_matching import PAIR


def test_a_scenario_wins_or_loses_by_its_lift_and_holds_in_half_years():
    halves = (HalfYear("2024H1", 10, 5, 0.3), HalfYear("2024H2", 10, 2, 0.3), HalfYear("2025H1", 10, 4, 0.3))
    winning = Scenario(PAIR.conditions, 30, 11, ShrunkenRate(0.37, 0.2, 0.5, 0.3), 0.01, halves)
    assert winning.wins
    assert winning.holding == 2
    assert winning.name == "segment: SMB · trigger: Audit"
    losing = Scenario(PAIR.conditions, 30, 11, ShrunkenRate(0.2, 0.1, 0.3, 0.3), 0.01, halves)
    assert not losing.wins
    assert losing.holding == 1
