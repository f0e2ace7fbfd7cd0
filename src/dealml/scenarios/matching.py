"""Which scenarios open deals and leads are in, and which they may turn out to be in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dealml.scenarios.candidates import Flags
from dealml.scenarios.conditions import as_texts
from dealml.scenarios.definition import WinScenarios
from dealml.scenarios.scenario import Scenario


@dataclass(frozen=True)
class MatchedScenario:
    """A scenario that a deal or a lead is in, or may be in."""

    scenario: Scenario
    unknown: tuple[str, ...] = ()
    """Features that are not on record; were they as the scenario says, it would match. Empty where it matches."""


def matched_scenarios(texts: pd.DataFrame, scenarios: Sequence[Scenario]) -> list[tuple[MatchedScenario, ...]]:
    """The scenarios of each row: those that match first, then those of which a part is unknown and a part holds.

    Parameters
    ----------
    texts
        What `dealml.scenarios.conditions.as_texts` gives: a row a deal or a lead. A feature without a column is unknown.

    Returns
    -------
    list
        One entry for each row.
    """
    sure: list[list[MatchedScenario]] = [[] for _ in range(len(texts))]
    possible: list[list[MatchedScenario]] = [[] for _ in range(len(texts))]
    for scenario in scenarios:
        holds, unknown = _holds(texts, scenario)
        for row in np.flatnonzero(holds.all(axis=1)):
            sure[row].append(MatchedScenario(scenario))
        maybe = (holds | unknown).all(axis=1) & holds.any(axis=1) & unknown.any(axis=1)
        names = np.array([condition.feature for condition in scenario.conditions])
        for row in np.flatnonzero(maybe):
            possible[row].append(MatchedScenario(scenario, tuple(names[unknown[row]].tolist())))
    return [tuple(first + then) for first, then in zip(sure, possible, strict=True)]


def matched_table(
    table: pd.DataFrame, definition: WinScenarios, scenarios: Sequence[Scenario], of_leads: bool = False
) -> list[tuple[MatchedScenario, ...]]:
    """The scenarios of each row of a feature table of deals or leads; of leads by the features that say the same."""
    if of_leads:
        named = {name: table[feature.name] for name, feature in definition.of_leads.items() if feature.name in table}
        table = pd.DataFrame(named, index=table.index)
    return matched_scenarios(as_texts(table, definition.names, definition.bands), scenarios)


def _holds(texts: pd.DataFrame, scenario: Scenario) -> tuple[Flags, Flags]:
    """Whether each condition holds, and whether its feature is unknown: arrays (rows, conditions)."""
    columns = [texts[c.feature] if c.feature in texts else pd.Series(None, texts.index, object) for c in scenario.conditions]
    holds = [(column == c.value).to_numpy(bool) for column, c in zip(columns, scenario.conditions, strict=True)]
    return np.column_stack(holds), np.column_stack([column.isna().to_numpy() for column in columns])
