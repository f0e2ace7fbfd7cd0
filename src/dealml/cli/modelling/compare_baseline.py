"""`dealml compare-baseline`: a model and one baseline at the same capacity."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dealml.cli.options import HERE, Json, MaybeAsOf, ModelName, ProjectFolder, Version, open_project
from dealml.cli.output import progress, say, say_json, say_table

if TYPE_CHECKING:
    from dealml.evaluation.head_to_head.compare import ContenderResult
    from dealml.evaluation.metrics.bootstrap import Interval
    from dealml.jobs.modelling.head_to_head import HeadToHeadReport

DEFAULT_BASELINE = "heuristic"
NONE = "–"


def command(
    model: ModelName,
    baseline: Annotated[
        str, typer.Option("--baseline", metavar="NAME", help="The baseline, such as heuristic, the scorecard, or stage_rates.")
    ] = DEFAULT_BASELINE,
    capacity: Annotated[
        int | None,
        typer.Option("--capacity", metavar="N", min=1, help="How many deals a team can work each week; default a fifth of those open."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="The page to write, an .html file.")] = None,
    as_of: MaybeAsOf = None,
    version: Version = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Compare a model with one baseline on held-out later time: what a team would win with the same capacity."""
    from dealml.jobs.modelling.head_to_head import compare_with_baseline

    with progress() as tell:
        here = open_project(project)
        report = compare_with_baseline(here, model, baseline, out, capacity, here.calendar.read_optional_moment(as_of), version, tell)
    if json:
        say_json(_json(report, out))
    else:
        _say(report, out)


def _say(report: HeadToHeadReport, out: Path | None) -> None:
    """The model and the baseline in a table, and the verdict."""
    contest = report.contest
    say(
        f"{contest.weeks} weeks, {report.first:%Y-%m-%d} to {report.last:%Y-%m-%d}, "
        f"{contest.worked_a_week:,.0f} of {contest.open_a_week:,.0f} worked each week, "
        f"{contest.deals_won:,} with the outcome within {report.horizon_days} days"
    )
    columns = ["", "outcomes on its lists", "their money", "places with the outcome", "log loss", "calibration error"]
    ahead = ["dealml ahead by", _percent(contest.wins), _percent(contest.money), "", _number(contest.log_loss), ""]
    rows = [_row("dealml", contest.model), _row(report.baseline_title, contest.baseline), ahead]
    if customers := report.customers:
        columns.insert(2, "later customers")
        for row, share in zip(rows, (customers.model, customers.baseline, customers.ahead), strict=True):
            row.insert(2, _percent(share))
    say_table(columns, rows)
    say(report.verdict.headline)
    say(report.verdict.advice)
    if out:
        say(f"{out}: {report.bytes / 1000:,.0f} KB")


def _json(report: HeadToHeadReport, out: Path | None) -> dict[str, Any]:
    contest = report.contest
    return {
        "baseline": report.baseline,
        "version": report.version,
        "rung": report.rung,
        "method": report.method,
        "horizon_days": report.horizon_days,
        "first_week": report.first,
        "last_week": report.last,
        "weeks": contest.weeks,
        "open_a_week": contest.open_a_week,
        "worked_a_week": contest.worked_a_week,
        "with_outcome": contest.deals_won,
        "money_with_outcome": contest.money_won,
        "model": _side(contest.model),
        report.baseline: _side(contest.baseline),
        "ahead": {"wins": vars(contest.wins), "money": vars(contest.money), "log_loss": vars(contest.log_loss)},
        "customers": _customers(report),
        "places_that_differ": contest.differing,
        "verdict": contest.verdict,
        "verdict_in_words": [report.verdict.headline, *report.verdict.grounds, report.verdict.advice],
        "notes": list(report.notes),
        "file": str(out) if out else None,
    }


def _customers(report: HeadToHeadReport) -> dict[str, Any] | None:
    """Of leads, the shares of later customers on either list."""
    if (customers := report.customers) is None:
        return None
    shares = {"model": customers.model, report.baseline: customers.baseline, "ahead": customers.ahead}
    return {name: vars(share) for name, share in shares.items()} | {"count": customers.count}


def _row(name: str, side: ContenderResult) -> list[str]:
    shares = [_percent(interval) for interval in (side.wins, side.money, side.places)]
    return [name, *shares, _number(side.log_loss), _number(side.calibration_error)]


def _side(side: ContenderResult) -> dict[str, Any]:
    names = ("wins", "money", "places", "log_loss", "calibration_error")
    return {name: vars(getattr(side, name)) for name in names} | {"places_of_its_own": side.exclusive_win_rate}


def _percent(interval: Interval) -> str:
    if interval.value != interval.value:
        return NONE
    return f"{interval.value:.1%} {interval.low:.1%}…{interval.high:.1%}"


def _number(interval: Interval) -> str:
    return f"{interval.value:.3f} {interval.low:.3f}…{interval.high:.3f}"
