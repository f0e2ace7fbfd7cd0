"""`dealml evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dealml.cli.modelling.evaluate_output import measured_json, say_overall, say_slices
from dealml.cli.options import HERE, Json, MaybeAsOf, ModelName, ProjectFolder, Version, maybe_moment, open_project
from dealml.cli.output import progress, say, say_json, say_table
from dealml.errors import GateRefused, UsageError

if TYPE_CHECKING:
    from dealml.evaluation.report.evaluate import Evaluation
    from dealml.jobs.modelling.backtest import BacktestReport

LEAST_ORIGINS = 6
DEFAULT_RIVAL = "heuristic"


def command(
    model: ModelName,
    backtest: Annotated[bool, typer.Option("--backtest", help="Fit the recipe afresh at several origins in time instead.")] = False,
    origins: Annotated[
        int | None,
        typer.Option("--origins", metavar="N", min=LEAST_ORIGINS, help=f"How many origins of a backtest; default {LEAST_ORIGINS}."),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="RIVAL", help="Compare with one rival at the same capacity, such as heuristic, the scorecard."),
    ] = None,
    capacity: Annotated[
        int | None,
        typer.Option("--capacity", metavar="N", min=1, help="How many deals a team can work each week; default a fifth of those open."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="The page to write, an .html file: a backtest's, or else that of --against."),
    ] = None,
    as_of: MaybeAsOf = None,
    version: Version = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Measure a model on held-out later time, beside its rivals."""
    if backtest:
        if against is not None or capacity is not None:
            raise UsageError("--against and --capacity do not go with --backtest; leave one of them out")
        _backtest(model, as_of, version, origins or LEAST_ORIGINS, out, project, json)
        return
    if origins is not None:
        raise UsageError("--origins belongs to a backtest; add --backtest")
    if against is not None or capacity is not None or out is not None:
        _against(model, against or DEFAULT_RIVAL, capacity, out, as_of, version, project, json)
        return
    from dealml.jobs.modelling.evaluate import evaluate

    with progress() as tell:
        evaluation = evaluate(open_project(project), model, maybe_moment(as_of), version, tell)
    if json:
        say_json(measured_json(evaluation))
    else:
        say_overall(evaluation)
        say_slices(evaluation)
    _refuse_a_model_without_worth(evaluation)


def _refuse_a_model_without_worth(evaluation: Evaluation) -> None:
    from dealml.evaluation.decisions.verdict import verdict_on

    verdict = verdict_on(evaluation)
    if not verdict.beats:
        raise GateRefused(f"{evaluation.model}: {verdict.told} (docs/verdicts.md)")


def _against(
    model: str, rival: str, capacity: int | None, out: Path | None, as_of: str | None, version: int | None, project: Path, json: bool
) -> None:
    from dealml.cli.modelling.evaluate_against import against_json, say_against
    from dealml.jobs.modelling.head_to_head import compare_with_baseline

    with progress() as tell:
        report = compare_with_baseline(open_project(project), model, rival, out, capacity, maybe_moment(as_of), version, tell)
    if json:
        say_json(against_json(report, out))
        return
    say_against(report, out)


def _backtest(model: str, as_of: str | None, version: int | None, origins: int, out: Path | None, project: Path, json: bool) -> None:
    if version is not None:
        raise UsageError("--version: a backtest fits the recipe afresh and measures no registered version; leave one of the two out")
    from dealml.jobs.modelling.backtest import backtest

    with progress() as tell:
        report = backtest(open_project(project), model, maybe_moment(as_of), origins, out, tell)
    if json:
        found = {"origins": [vars(origin) for origin in report.origins], "run_id": report.run_id, "file": str(out) if out else None}
        say_json(measured_json(report.evaluation) | found)
    else:
        say_overall(report.evaluation)
        say()
        _say_origins(report)
        say_slices(report.evaluation)
        if out:
            say(f"{out}: {report.bytes / 1000:,.0f} KB")
    _refuse_a_model_without_worth(report.evaluation)


def _say_origins(report: BacktestReport) -> None:
    columns = ("fold" if report.evaluation.cut == "" else "origin", "rung", "learned from", report.evaluation.outcome, "judged on", "rows")
    rows = [
        [o.name, o.rung, f"{o.learned_entities:,}", f"{o.learned_with_outcome:,}", f"{o.judged_entities:,}", f"{o.judged_rows:,}"]
        for o in report.origins
    ]
    say_table(columns, rows)
