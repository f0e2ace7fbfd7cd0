"""`dealml override`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dealml.cli.options import HERE, Json, ProjectFolder, moment, open_project
from dealml.cli.output import progress, say, say_json, say_table, warn
from dealml.errors import UsageError
from dealml.formatting import exact_money

if TYPE_CHECKING:
    from dealml.judgement.override import StoredOverride
    from dealml.project import Project

NONE = "–"


def command(
    deal: Annotated[str | None, typer.Argument(metavar="DEAL", help="The deal's id.")] = None,
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
    import_: Annotated[Path | None, typer.Option("--import", metavar="FILE", help="Keep all overrides of a CSV file, or none.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="Print the overrides that stand.")] = False,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="With --list: those that stood at this moment.")] = None,
    model: Annotated[str, typer.Option("--model", metavar="MODEL", help="The model whose number stands beside it.")] = "deal_win",
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Keep what a person judges of a deal beside the model's number, never over it."""
    said = {"probability": probability, "amount": amount, "currency": currency, "close": close, "period": period, "until": until}
    said |= {"at": at, "why": why, "by": by}
    if sum((deal is not None, import_ is not None, list_)) != 1:
        raise UsageError("name one DEAL, or give --import FILE or --list")
    if deal is None and (extra := [name for name, text in said.items() if text is not None]):
        raise UsageError(f"--{extra[0]} is said of one DEAL; it does not go with {'--list' if list_ else '--import'}")
    if as_of is not None and not list_:
        raise UsageError("--as-of belongs to --list; when an override was made is told by --at")
    here = open_project(project)
    if list_:
        _list(here, as_of, json)
    elif import_ is not None:
        _import(here, import_, model, json)
    else:
        _one(here, said | {"deal": deal}, model, json)


def _one(project: Project, said: dict[str, str | None], model: str, json: bool) -> None:
    from dealml.jobs.overrides.record import record_override

    report = record_override(project, said, model)
    if json:
        say_json({"new": [as_json(one) for one in report.new], "already_there": report.already_there, "notes": list(report.notes)})
        return
    for one in report.new:
        said_, beside = one.override, one.model_prediction
        people = NONE if said_.probability is None else f"{said_.probability:.1%}"
        say(
            f"{said_.override_id} {said_.deal_id}, won before {said_.until:%Y-%m-%d %H:%M} UTC: {said_.who} says {people}, {beside.model} "
            f"version {beside.version} says {beside.probability:.1%}; both are kept"
        )
    if not report.new:
        say("The same was said before and still stands: nothing changed.")
    for note in report.notes:
        warn(f"note: {note}")


def _import(project: Project, file: Path, model: str, json: bool) -> None:
    from dealml.jobs.overrides.record import import_overrides

    with progress() as tell:
        report = import_overrides(project, file, model, tell)
    if json:
        say_json({"new": [as_json(one) for one in report.new], "already_there": report.already_there, "notes": list(report.notes)})
        return
    say(f"{file}: {len(report.new):,} overrides kept, {report.already_there:,} said nothing new")
    for note in report.notes:
        warn(f"note: {note}")


def _list(project: Project, as_of: str | None, json: bool) -> None:
    from dealml.jobs.overrides.record import overrides_as_of

    at = datetime.now(UTC) if as_of is None else moment(as_of)
    found = overrides_as_of(project, at)
    if json:
        say_json({"as_of": at, "overrides": [as_json(one) for one in found]})
        return
    if not found:
        say(f"no overrides stand at {at:%Y-%m-%d %H:%M} UTC")
        return
    columns = ("deal", "won before", "said", "model", "amount", "in the CRM", "close", "in the CRM", "by", "on", "why")
    say_table(columns, [_cells(one) for one in found], f"overrides that stand at {at:%Y-%m-%d %H:%M} UTC: {len(found):,}")


def _cells(one: StoredOverride) -> list[str]:
    said, beside = one.override, one.model_prediction
    return [
        said.deal_id,
        f"{said.until:%Y-%m-%d}",
        NONE if said.probability is None else f"{said.probability:.1%}",
        f"{beside.probability:.1%}",
        NONE if said.amount is None else exact_money(said.amount, said.currency or ""),
        NONE if beside.amount is None else exact_money(beside.amount, beside.currency or ""),
        str(said.close_date or NONE),
        str(beside.close_date or NONE),
        said.who,
        f"{said.made_at:%Y-%m-%d}",
        said.why,
    ]


def as_json(one: StoredOverride) -> dict[str, Any]:
    """An override and the model's number beside it as plain values; amounts are exact decimals, so they are texts."""
    said, beside = vars(one.override), vars(one.model_prediction)
    return {"override_id": one.override.override_id, "stored_at": one.stored_at, **_plain(said), "model": _plain(beside)}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    texts = ("amount", "close_date")
    return {name: str(value) if name in texts and value is not None else value for name, value in values.items()}
