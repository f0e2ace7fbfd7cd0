"""The section of win scenarios."""

from __future__ import annotations

from collections.abc import Sequence

from dealml.formatting import cents, counted_percent, money
from dealml.page.choosing.content import ChoosingSection
from dealml.page.shared.report_table import NONE, ReportCell, ReportTable
from dealml.scenarios.matching import MatchedScenario
from dealml.scenarios.mined import MinedScenarios
from dealml.scenarios.scenario import Scenario

KEY, TITLE = "scenarios", "Where you win, and where you lose"
_HEADS = ("scenario", "closed deals", "won", "win rate", "usual", "half-years", "median amount", "days to win", "left within a year")


def scenarios_section(mined: MinedScenarios, open_deals: Sequence[Sequence[MatchedScenario]], currency: str) -> ChoosingSection:
    """Winning and losing scenarios, each with the open deals in it.

    Parameters
    ----------
    open_deals
        For each open deal, the scenarios that it is in or may be in.
    """
    counts = {scenario.name: 0 for scenario in mined.all}
    for matches in open_deals:
        for match in matches:
            counts[match.scenario.name] += not match.unknown
    share = counted_percent(mined.won / mined.deals) if mined.deals else NONE
    tables = tuple(
        ReportTable(caption, (*_HEADS, "open deals"), tuple(_row(scenario, counts[scenario.name], currency) for scenario in scenarios))
        for caption, scenarios in (("Winning scenarios", mined.winning), ("Losing scenarios", mined.losing))
        if scenarios
    )
    lead = (
        f"{mined.deals:,} closed deals, {share} of them won. A scenario is a combination of conditions whose deals were won more or less "
        f"often than the company's rate of the same quarters. {mined.rules:,} were compared; a small share of those shown may be chance."
    )
    return ChoosingSection(KEY, TITLE, lead, tables, "" if tables else "no combination differs beyond chance", mined.notes)


def headline(mined: MinedScenarios) -> str:
    """Where deals are won most, and where least."""
    sides = (("won most often with", mined.winning[:1]), ("least often with", mined.losing[:1]))
    parts = [f"{word} {s.name} ({counted_percent(s.rate.rate)})" for word, scenarios in sides for s in scenarios]
    return f"Deals are {', and '.join(parts)}" if parts else "No scenario differs from the usual beyond chance"


def _row(scenario: Scenario, open_deals: int, currency: str) -> tuple[ReportCell, ...]:
    rate, brought = scenario.rate, scenario.consequences
    amount = NONE if brought is None or brought.median_amount is None else money(cents(brought.median_amount), currency)
    days = NONE if brought is None or brought.median_days_to_win is None else f"{brought.median_days_to_win:,.0f}"
    left = NONE if brought is None or not brought.customers else f"{brought.churned} of {brought.customers}"
    return (
        ReportCell(scenario.name),
        ReportCell(f"{scenario.deals:,}"),
        ReportCell(f"{scenario.won:,}"),
        ReportCell(counted_percent(rate.rate), f"{counted_percent(rate.low)} to {counted_percent(rate.high)}"),
        ReportCell(counted_percent(rate.usual)),
        ReportCell(f"{scenario.holding} of {len(scenario.half_years)}" if scenario.half_years else NONE),
        ReportCell(amount),
        ReportCell(days),
        ReportCell(left),
        ReportCell(f"{open_deals:,}"),
    )
