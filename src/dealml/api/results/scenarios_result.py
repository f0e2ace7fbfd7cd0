"""What mining win scenarios returns."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from dealml.jobs.choosing.scenarios import ScenarioReport
    from dealml.scenarios.scenario import Scenario


@dataclass(frozen=True)
class ScenariosResult:
    """Win scenarios, and the open deals and leads that are in them.

    Example
    -------
    >>> result = project.scenarios(as_of="2026-01-05")
    >>> result.scenarios[["name", "deals", "win_rate", "lift"]]
    """

    as_of: datetime
    """Only what was recorded strictly before this moment was used."""
    deals: int
    """Closed deals."""
    won: int
    scenarios: pd.DataFrame
    """One row a scenario, the winning ones first: `name`, `wins`, `deals`, `won`, `win_rate`, `low`, `high`, `usual`, `lift`,
    `false_share`, `half_years`, `holding`, and from `median_amount` on what its won deals brought."""
    open: pd.DataFrame
    """One row an open deal or lead and scenario: `kind`, `id`, `scenario`, `wins`, `state`, `unknown` and the scenario's rates."""
    stored: Path
    """The file in the project's folder."""
    notes: tuple[str, ...]


def scenarios_result(report: ScenarioReport) -> ScenariosResult:
    """A report of scenarios as its public form."""
    import pandas as pd

    from dealml.jobs.choosing.scenarios import match_table

    mined = report.mined
    frame = pd.DataFrame([_row(scenario) for scenario in mined.all])
    return ScenariosResult(mined.as_of, mined.deals, mined.won, frame, match_table(report).to_pandas(), report.stored, mined.notes)


def _row(scenario: Scenario) -> dict[str, object]:
    rate = scenario.rate
    brought = asdict(scenario.consequences) if scenario.consequences else {}
    return {
        "name": scenario.name, "wins": scenario.wins, "deals": scenario.deals, "won": scenario.won, "win_rate": rate.rate, "low": rate.low,
        "high": rate.high, "usual": rate.usual, "lift": rate.lift, "false_share": scenario.false_share,
        "half_years": len(scenario.half_years), "holding": scenario.holding,
    } | brought  # fmt: skip
