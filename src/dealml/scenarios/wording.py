"""A scenario that a deal or lead is in, as a sentence with its evidence."""

from __future__ import annotations

from collections.abc import Sequence

from dealml.formatting import counted_percent
from dealml.scenarios.matching import MatchedScenario

MOST = 3
"""Sentences of one deal; those of scenarios that it is surely in come first."""


def scenario_sentence(match: MatchedScenario) -> str:
    """Such as ``Winning scenario (segment: SMB · trigger: Audit): 98 of 211 closed deals won (46%, usually 29%)``."""
    scenario = match.scenario
    kind = "winning scenario" if scenario.wins else "losing scenario"
    start = f"may be in a {kind}" if match.unknown else kind
    ask = f"; unknown, ask: {', '.join(name.replace('_', ' ') for name in match.unknown)}" if match.unknown else ""
    share, usual = counted_percent(scenario.won / scenario.deals), counted_percent(scenario.rate.usual)
    counts = f"{scenario.won:,} of {scenario.deals:,} closed deals won ({share}, usually {usual})"
    return f"{start[0].upper()}{start[1:]} ({scenario.name}): {counts}{ask}"


def scenario_sentences(matches: Sequence[MatchedScenario]) -> tuple[str, ...]:
    """The sentences of one deal or lead, `MOST` at most."""
    return tuple(scenario_sentence(match) for match in matches[:MOST])
