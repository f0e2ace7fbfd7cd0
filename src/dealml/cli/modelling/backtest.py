"""`dealml backtest`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dealml.cli.modelling.evaluate_output import measured_json, refuse_without_worth, say_overall, say_slices
from dealml.cli.options import HERE, Json, MaybeAsOf, ModelName, ProjectFolder, open_project
from dealml.cli.output import progress, say, say_json, say_table

if TYPE_CHECKING:
    from dealml.jobs.modelling.backtest import BacktestReport

MIN_ORIGINS = 6


def command(
    model: ModelName,
    origins: Annotated[int, typer.Option("--origins", metavar="N", min=MIN_ORIGINS, help="How many origins.")] = MIN_ORIGINS,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="The page to write, an .html file.")] = None,
    as_of: MaybeAsOf = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Fit a model's recipe afresh at several origins in time, and measure each fit on the time after it."""
    from dealml.jobs.modelling.backtest import backtest

    with progress() as tell:
        here = open_project(project)
        report = backtest(here, model, here.calendar.read_optional_moment(as_of), origins, out, tell)
    if json:
        origins_json = [vars(origin) for origin in report.origins]
        say_json(measured_json(report.evaluation) | {"origins": origins_json, "run_id": report.run_id, "file": str(out) if out else None})
    else:
        _say(report, out)
    refuse_without_worth(report.evaluation)


def _say(report: BacktestReport, out: Path | None) -> None:
    say_overall(report.evaluation)
    say()
    _say_origins(report)
    say_slices(report.evaluation)
    if out:
        say(f"{out}: {report.bytes / 1000:,.0f} KB")


def _say_origins(report: BacktestReport) -> None:
    columns = ("fold" if report.evaluation.cut == "" else "origin", "rung", "learned from", report.evaluation.outcome, "judged on", "rows")
    rows = [
        [o.name, o.rung, f"{o.learned_entities:,}", f"{o.learned_with_outcome:,}", f"{o.test_entities:,}", f"{o.test_rows:,}"]
        for o in report.origins
    ]
    say_table(columns, rows)
