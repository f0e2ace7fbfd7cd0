"""The section of win scenarios: what it counts, and what it says where there is nothing."""

from __future__ import annotations

from dataclasses import replace

from dealml.page.choosing.scenarios_section import headline, scenarios_section
from dealml.scenarios.matching import MatchedScenario
from tests.page.choosing.choosing_fixtures import MINED, WINNING


def test_open_deals_are_counted_where_they_surely_match() -> None:
    sure, possible = MatchedScenario(WINNING), MatchedScenario(WINNING, ("segment",))
    section = scenarios_section(MINED, [(sure,), (possible,), (sure,)], "EUR")
    assert section.tables[0].rows[0][-1].value == "2"
    assert section.tables[1].rows[0][-1].value == "0"


def test_without_scenarios_the_section_says_so() -> None:
    nothing = replace(MINED, winning=(), losing=())
    section = scenarios_section(nothing, [], "EUR")
    assert (section.tables, section.missing) == ((), "no combination differs beyond chance")
    assert headline(nothing) == "No scenario differs from the usual beyond chance"
