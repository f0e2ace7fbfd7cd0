"""How a contest with a rival is shown: a short table for people, one object for machines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dealml.cli.output import say, say_table

if TYPE_CHECKING:
    from dealml.evaluation.head_to_head.compare import Result
    from dealml.evaluation.metrics.bootstrap import Interval
    from dealml.jobs.modelling.head_to_head import HeadToHeadReport

NONE = "–"


def say_against(report: HeadToHeadReport, out: Path | None) -> None:
    """Both sides in a table, and the verdict."""
    found = report.contest
    say(
        f"{found.weeks} weeks, {report.first:%Y-%m-%d} to {report.last:%Y-%m-%d}, {found.worked_a_week:,.0f} of {found.open_a_week:,.0f} "
        f"worked each week, {found.deals_won:,} with the outcome within {report.horizon_days} days"
    )
    columns = ("", "outcomes on its lists", "their money", "places with the outcome", "log loss", "calibration error")
    ahead = ["dealml ahead by", _percent(found.wins), _percent(found.money), "", _number(found.log_loss), ""]
    say_table(columns, [_row("dealml", found.model), _row(report.baseline_title, found.rival), ahead])
    say(report.verdict.headline)
    say(report.verdict.advice)
    if out:
        say(f"{out}: {report.bytes / 1000:,.0f} KB")


def against_json(report: HeadToHeadReport, out: Path | None) -> dict[str, Any]:
    """A contest as plain values."""
    found = report.contest
    return {
        "rival": report.baseline,
        "version": report.version,
        "rung": report.rung,
        "method": report.method,
        "horizon_days": report.horizon_days,
        "first_week": report.first,
        "last_week": report.last,
        "weeks": found.weeks,
        "open_a_week": found.open_a_week,
        "worked_a_week": found.worked_a_week,
        "with_outcome": found.deals_won,
        "money_with_outcome": found.money_won,
        "model": _side(found.model),
        report.baseline: _side(found.rival),
        "ahead": {"wins": vars(found.wins), "money": vars(found.money), "log_loss": vars(found.log_loss)},
        "places_that_differ": found.differing,
        "verdict": found.verdict,
        "verdict_in_words": [report.verdict.headline, *report.verdict.grounds, report.verdict.advice],
        "notes": list(report.notes),
        "file": str(out) if out else None,
    }


def _row(name: str, side: Result) -> list[str]:
    shares = [_percent(interval) for interval in (side.wins, side.money, side.places)]
    return [name, *shares, _number(side.log_loss), _number(side.calibration_error)]


def _side(side: Result) -> dict[str, Any]:
    names = ("wins", "money", "places", "log_loss", "calibration_error")
    return {name: vars(getattr(side, name)) for name in names} | {"places_of_its_own": side.own_places}


def _percent(interval: Interval) -> str:
    if interval.value != interval.value:
        return NONE
    return f"{interval.value:.1%} {interval.low:.1%}…{interval.high:.1%}"


def _number(interval: Interval) -> str:
    return f"{interval.value:.3f} {interval.low:.3f}…{interval.high:.3f}"
