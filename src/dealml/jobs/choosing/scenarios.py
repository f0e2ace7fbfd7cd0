"""Mine the win scenarios of a project, and match its open deals and leads to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import ModuleType

import pandas as pd
import pyarrow as pa

from dealml.features.definition import Feature
from dealml.jobs.progress import Progress, silent, within
from dealml.learning.outcomes.of_deals import Won
from dealml.learning.outcomes.of_leads import Converted
from dealml.learning.outcomes.outcome import Outcome
from dealml.learning.spec import Model, Shown
from dealml.learning.view import View
from dealml.ledger.entities import EntityKey
from dealml.load_definitions import SCENARIO_FILE, load_scenarios, require_definition
from dealml.project import Project
from dealml.scenarios.candidates import Flags
from dealml.scenarios.consequences import consequences
from dealml.scenarios.definition import WinScenarios
from dealml.scenarios.matching import MatchedScenario, matched_table
from dealml.scenarios.mined import MinedScenarios, mined_scenarios
from dealml.scenarios.store import StoredScenarios, write_scenarios
from dealml.scoring.export import check_destination, write_table

_COLUMNS = pa.schema(
    [
        ("kind", pa.string()), ("id", pa.string()), ("scenario", pa.string()), ("wins", pa.bool_()), ("state", pa.string()),
        ("unknown", pa.string()), ("win_rate", pa.float64()), ("low", pa.float64()), ("high", pa.float64()), ("usual", pa.float64()),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class EntityScenarios:
    """The scenarios that an open deal or lead is in, or may be in."""

    kind: str
    """deal or lead."""
    id: str
    matched: tuple[MatchedScenario, ...]


@dataclass(frozen=True)
class ScenarioReport:
    """The scenarios of a company, and what is open in them."""

    mined: MinedScenarios
    currency: str
    entities: tuple[EntityScenarios, ...]
    """Every open deal and lead, also those in no scenario."""
    stored: Path
    ledger_digest: str


def scenarios(project: Project, as_of: datetime | None = None, out: Path | None = None, progress: Progress = silent) -> ScenarioReport:
    """Mine the closed deals of a project, match what is open, and store the scenarios for reviews and explanations.

    Parameters
    ----------
    as_of
        Use only what was recorded before this moment; without it, all.
    out
        A file for the matches, Parquet or CSV: a row for each open deal or lead and scenario.

    Raises
    ------
    InputError
        When the project does not say what scenarios are mined from, or the ledger has no facts of deals.
    """
    if out:
        check_destination(out)
    require_definition(project.folder, SCENARIO_FILE)
    definition = load_scenarios(project.folder)
    assert definition is not None  # as of every project with the file
    spec = _specification("deal_id", Won(), definition.features)
    view = View.of(project.ledger, spec, as_of, project.query_settings)
    closed = view.closed_deals(definition.days, within(progress, "closed deals"))
    mined, matches = mined_scenarios(closed, definition, view.end)
    if not view.cross_section:
        mined = _with_consequences(project, mined, closed["deal_id"], matches)
    entities = _of_deals(view, definition, mined, progress) + _of_leads(project, definition, mined, as_of)
    stored = write_scenarios(project.folder, StoredScenarios(project.ledger.digest, mined))
    report = ScenarioReport(mined, project.settings.company.currency, tuple(entities), stored, project.ledger.digest)
    if out:
        write_table(out, _COLUMNS, [match_table(report)])
    return report


def match_table(report: ScenarioReport) -> pa.Table:
    """A row for each open deal or lead and each scenario that it is in, or may be in."""
    rows = [
        {
            "kind": entity.kind, "id": entity.id, "scenario": match.scenario.name, "wins": match.scenario.wins,
            "state": "possible" if match.unknown else "matched", "unknown": ", ".join(match.unknown),
            "win_rate": match.scenario.rate.rate, "low": match.scenario.rate.low, "high": match.scenario.rate.high,
            "usual": match.scenario.rate.usual,
        }
        for entity in report.entities
        for match in entity.matched
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, _COLUMNS)


def _with_consequences(project: Project, mined: MinedScenarios, deals: pd.Series, matches: Sequence[Flags]) -> MinedScenarios:
    ids = [pa.array(deals[matched], pa.string()) for matched in matches]
    brought = consequences(project.ledger, mined.as_of, project.settings.company.currency, project.query_settings, ids)
    complete = [replace(scenario, consequences=part) for scenario, part in zip(mined.all, brought, strict=True)]
    return replace(mined, winning=tuple(complete[: len(mined.winning)]), losing=tuple(complete[len(mined.winning) :]))


def _of_deals(view: View, definition: WinScenarios, mined: MinedScenarios, progress: Progress) -> list[EntityScenarios]:
    table = view.at_stake(within(progress, "open deals"))
    return _matched("deal", table["deal_id"], matched_table(table, definition, mined.all))


def _of_leads(project: Project, definition: WinScenarios, mined: MinedScenarios, as_of: datetime | None) -> list[EntityScenarios]:
    if not definition.of_leads or "leads" not in project.ledger.tables or project.ledger.is_cross_section:
        return []
    spec = _specification("lead_id", Converted(), tuple(definition.of_leads.values()))
    table = View.of(project.ledger, spec, as_of or mined.as_of, project.query_settings).at_stake()
    return _matched("lead", table["lead_id"], matched_table(table, definition, mined.all, of_leads=True))


def _matched(kind: str, ids: pd.Series, matches: Sequence[tuple[MatchedScenario, ...]]) -> list[EntityScenarios]:
    return [EntityScenarios(kind, id_, matched) for id_, matched in zip(ids, matches, strict=True)]


def _specification(entity: EntityKey, outcome: Outcome, features: tuple[ModuleType | Feature, ...]) -> Model:
    return Model(SCENARIO_FILE, entity, (outcome,), (1,), 1, features, Shown())
