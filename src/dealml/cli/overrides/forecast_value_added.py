"""`dealml forecast-value-added`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dealml.cli.options import HERE, Json, MaybeAsOf, ProjectFolder, open_project
from dealml.cli.output import say, say_json, say_table, warn

if TYPE_CHECKING:
    from dealml.jobs.overrides.value_added import ValueAddedReport
    from dealml.judgement.value_added import AccuracyGain, DecisionGroup

_NAMES = {"log_loss": "log loss", "brier": "Brier", "amount_error": "amount error"}
NONE = "–"


def command(
    as_of: MaybeAsOf = None,
    model: Annotated[str, typer.Option("--model", metavar="MODEL", help="The model that overrides are compared with.")] = "deal_win",
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Measure whether overrides were more accurate than the model: in aggregates of at least 30 decisions, never by person."""
    from dealml.jobs.overrides.value_added import forecast_value_added

    here = open_project(project)
    report = forecast_value_added(here, here.calendar.read_optional_moment(as_of), model)
    if json:
        say_json(_as_json(report))
        return
    _say(report)
    for note in report.notes:
        warn(f"note: {note}")


def _say(report: ValueAddedReport) -> None:
    from dealml.judgement.value_added import MIN_DECISIONS

    result, left = report.value_added, report.settled
    say(
        f"{report.overrides:,} overrides beside {report.model} by {report.as_of:%Y-%m-%d}: {result.overall.decisions:,} decisions "
        f"whose time is over, {left.still_open:,} still to come"
    )
    if result.overall.withheld:
        say(
            f"Nothing is told of fewer than {MIN_DECISIONS} decisions: wait, or import judgements written down earlier (docs/judgement.md)."
        )
        return
    _say_cells("all decisions", [result.overall])
    _say_cells("by days ahead", result.by_horizon)
    _say_cells("by forecast category in the CRM", result.by_category)
    for gain in result.overall.gains:
        say(f"{_NAMES[gain.measure]}: {_in_words(gain)}")


def _say_cells(title: str, cells: Sequence[DecisionGroup]) -> None:
    columns = ("", "decisions", "people said", "the model said", "won", *(f"{name}: gain" for name in _NAMES.values()))
    say_table(columns, [_cells(cell) for cell in cells], title)
    say()


def _cells(cell: DecisionGroup) -> list[str]:
    if cell.withheld:
        return [cell.name, f"{cell.decisions:,}", *["withheld"] * (3 + len(_NAMES))]
    means = [NONE if mean != mean else f"{mean:.1%}" for mean in (cell.override_mean, cell.model_mean, cell.won)]
    return [cell.name, f"{cell.decisions:,}", *means, *map(_short, cell.gains)]


def _short(gain: AccuracyGain) -> str:
    if gain.override != gain.override:
        return f"{gain.verdict} ({gain.decisions:,})"
    interval = gain.gain
    return f"{interval.value:+.3f} {interval.low:+.3f}…{interval.high:+.3f} {gain.verdict.split(' by ')[0]}"


def _in_words(gain: AccuracyGain) -> str:
    from dealml.judgement.value_added import IMPROVES, MIN_DECISIONS, WITHHELD, WORSENS

    if gain.verdict == WITHHELD:
        return f"not told of {gain.decisions:,} decisions, fewer than {MIN_DECISIONS}"
    sentences = {IMPROVES: "people's judgement improves it", WORSENS: "people's judgement worsens it"}
    words = sentences.get(gain.verdict, "that people's judgement changes it is not shown by your data")
    return f"{words}: {gain.model:.3f} of the model, {gain.override:.3f} of people, over {gain.decisions:,} decisions"


def _as_json(report: ValueAddedReport) -> dict[str, Any]:
    result, left = report.value_added, report.settled
    return {
        "model": report.model,
        "as_of": report.as_of,
        "overrides": report.overrides,
        "still_open": left.still_open,
        "left_out": {"hindsight": left.hindsight, "deal_not_known": left.gone},
        "entered_late": left.late,
        "overall": _cell_json(result.overall),
        "by_horizon": [_cell_json(cell) for cell in result.by_horizon],
        "by_category": [_cell_json(cell) for cell in result.by_category],
        "notes": list(report.notes),
    }


def _cell_json(cell: DecisionGroup) -> dict[str, Any]:
    if cell.withheld:
        return {"name": cell.name, "decisions": cell.decisions, "withheld": True}
    means = {"said": cell.override_mean, "model_said": cell.model_mean, "won": cell.won}
    measures = {gain.measure: vars(gain) | {"gain": vars(gain.gain)} for gain in cell.gains}
    return {"name": cell.name, "decisions": cell.decisions, "withheld": False, **means, "measures": measures}
