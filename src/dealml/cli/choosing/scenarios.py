"""`dealml scenarios`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dealml.cli.older_rules import tell_older_rules
from dealml.cli.options import HERE, Json, MaybeAsOf, ProjectFolder, open_project
from dealml.cli.output import progress, say, say_json, say_table, warn
from dealml.formatting import cents, counted_percent, money

if TYPE_CHECKING:
    from dealml.jobs.choosing.scenarios import ScenarioReport
    from dealml.scenarios.consequences import Consequences
    from dealml.scenarios.scenario import Scenario

NONE = "–"
_TITLES = (
    "scenario", "closed", "won", "win rate", "95% interval", "usual", "lift", "half-years", "median amount", "days", "left within a year",
)  # fmt: skip


def command(
    as_of: MaybeAsOf = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the scenarios of each open deal and lead: .parquet or .csv.")
    ] = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """In which combinations of segment, problem, trigger, competition and champion deals are won, or lost; and which are open in them."""
    from dealml.jobs.choosing.scenarios import scenarios

    here = open_project(project)
    older = tell_older_rules(here)
    with progress() as tell:
        report = scenarios(here, here.calendar.read_optional_moment(as_of), out, tell)
    if json:
        say_json(_json(report) | older)
        return
    _tell(report)
    if out:
        say(f"{out}: written")
    for note in report.mined.notes:
        warn(f"note: {note}")


def _tell(report: ScenarioReport) -> None:
    mined = report.mined
    rate = counted_percent(mined.won / mined.deals, 1) if mined.deals else NONE
    say(f"{mined.deals:,} closed deals as of {mined.as_of:%Y-%m-%d}, {rate} won; {mined.rules:,} rules compared")
    for scenarios, title in ((mined.winning, "Winning scenarios"), (mined.losing, "Losing scenarios")):
        say()
        if scenarios:
            say_table(_TITLES, [_row(scenario, report.currency) for scenario in scenarios], title)
        else:
            say(f"{title}: none that chance would not give too")
    say()
    for kind in ("deal", "lead"):
        _tell_open(report, kind)
    say("Advisory: a scenario says what went together in the past, not what causes a win.")


def _row(scenario: Scenario, currency: str) -> list[object]:
    rate = scenario.rate
    interval = f"{counted_percent(rate.low)} to {counted_percent(rate.high)}"
    counts = [f"{scenario.deals:,}", f"{scenario.won:,}"]
    rates = [counted_percent(rate.rate), interval, counted_percent(rate.usual), f"{rate.lift:.2f}"]
    halves = f"{scenario.holding} of {len(scenario.half_years)}" if scenario.half_years else NONE
    return [scenario.name, *counts, *rates, halves, *_brought(scenario.consequences, currency)]


def _brought(brought: Consequences | None, currency: str) -> list[str]:
    """Median amount, median days to win, and customers that left."""
    if brought is None:
        return [NONE] * 3
    amount = NONE if brought.median_amount is None else money(cents(brought.median_amount), currency)
    days = NONE if brought.median_days_to_win is None else f"{brought.median_days_to_win:,.0f}"
    return [amount, days, f"{brought.churned} of {brought.customers}" if brought.customers else NONE]


def _tell_open(report: ScenarioReport, kind: str) -> None:
    entities = [entity for entity in report.entities if entity.kind == kind]
    if not entities:
        return
    winning = sum(any(m.scenario.wins and not m.unknown for m in e.matched) for e in entities)
    losing = sum(any(not m.scenario.wins and not m.unknown for m in e.matched) for e in entities)
    say(f"open {kind}s: {len(entities):,}; in a winning scenario {winning:,}, in a losing one {losing:,} (some are in both)")


def _json(report: ScenarioReport) -> dict[str, Any]:
    mined = report.mined
    return {
        "as_of": mined.as_of, "deals": mined.deals, "won": mined.won, "rules": mined.rules, "features": mined.features,
        "currency": report.currency, "winning": _scenarios(mined.winning), "losing": _scenarios(mined.losing), "notes": mined.notes,
        "open": [
            {"kind": entity.kind, "id": entity.id, "matched": [m.scenario.name for m in entity.matched if not m.unknown],
             "possible": [{"scenario": m.scenario.name, "unknown": m.unknown} for m in entity.matched if m.unknown]}
            for entity in report.entities
        ],
        "stored": str(report.stored), "ledger_digest": report.ledger_digest,
    }  # fmt: skip


def _scenarios(scenarios: Sequence[Scenario]) -> list[dict[str, Any]]:
    return [asdict(scenario) | {"name": scenario.name, "lift": scenario.rate.lift, "holding": scenario.holding} for scenario in scenarios]
