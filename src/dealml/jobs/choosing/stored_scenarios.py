"""The stored scenarios of a project against a feature table: for reviews and explanations, which mine nothing themselves."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd

from dealml.load_definitions import load_scenarios
from dealml.scenarios.matching import MatchedScenario, matched_table
from dealml.scenarios.store import latest_scenarios

Matches = dict[str, tuple[MatchedScenario, ...]]


def stored_matches(folder: Path, table: pd.DataFrame, entity: str, as_of: datetime) -> Matches:
    """The scenarios of each deal or lead of a table, by id, by what was mined last as of a moment; empty where nothing was.

    Parameters
    ----------
    folder
        The project's.
    table
        Features by name; what scenarios ask for and it lacks is unknown.
    entity
        `deal_id` or `lead_id`; accounts are in no scenario.

    Raises
    ------
    InputError
        When the definition or the stored scenarios cannot be read.
    """
    definition, stored = load_scenarios(folder), latest_scenarios(folder, as_of)
    if definition is None or stored is None or not stored.mined.all or entity == "account_id":
        return {}
    matches = matched_table(table, definition, stored.mined.all, of_leads=entity == "lead_id")
    return dict(zip(table[entity], matches, strict=True))
