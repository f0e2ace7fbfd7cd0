"""`dealml override add`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dealml.cli.options import HERE, Json, ProjectFolder, open_project
from dealml.cli.output import say, say_json, warn
from dealml.cli.overrides.override_output import NONE, ModelOfOverride, report_json

if TYPE_CHECKING:
    from dealml.judgement.override import StoredOverride


def command(
    deal: Annotated[str, typer.Argument(metavar="DEAL", help="The deal's id.")],
    probability: Annotated[
        str | None, typer.Option("--probability", metavar="P", help="The probability that it is won in time, from 0 to 1.")
    ] = None,
    amount: Annotated[str | None, typer.Option("--amount", metavar="MONEY", help="What it will be won for, if it is.")] = None,
    currency: Annotated[
        str | None, typer.Option("--currency", metavar="CODE", help="The amount's currency, ISO 4217; default the project's.")
    ] = None,
    close: Annotated[str | None, typer.Option("--close", metavar="DATE", help="The day on which it will close.")] = None,
    why: Annotated[str | None, typer.Option("--why", metavar="TEXT", help="The reason; without one nothing is kept.")] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who says so.")] = None,
    period: Annotated[
        str | None, typer.Option("--period", metavar="PERIOD", help="Won by the end of it, such as 2026Q1; default the quarter of --at.")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Won before this moment, instead of a period.")] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="DATE", help="When it was said, if earlier than now.")] = None,
    model: ModelOfOverride = "deal_win",
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Keep what a person judges of a deal with the model's number, never over it."""
    from dealml.jobs.overrides.record import record_override

    fields = {"deal": deal, "probability": probability, "amount": amount, "currency": currency, "close": close}
    fields |= {"period": period, "until": until, "at": at, "why": why, "by": by}
    report = record_override(open_project(project), fields, model)
    if json:
        say_json(report_json(report))
        return
    for stored in report.new:
        _say(stored)
    if not report.new:
        say("The same was said before and still stands: nothing changed.")
    for note in report.notes:
        warn(f"note: {note}")


def _say(stored: StoredOverride) -> None:
    override, prediction = stored.override, stored.model_prediction
    people = NONE if override.probability is None else f"{override.probability:.1%}"
    say(
        f"{override.override_id} {override.deal_id}, won before {override.until:%Y-%m-%d %H:%M %Z}: {override.who} says {people}, "
        f"{prediction.model} version {prediction.version} says {prediction.probability:.1%}; both are kept"
    )
