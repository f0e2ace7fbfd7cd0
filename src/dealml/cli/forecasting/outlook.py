"""`dealml outlook`."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dealml.cli.options import HERE, AsOf, Json, ProjectFolder, moment, moment_of_scores, open_project
from dealml.cli.output import progress, say, say_json, say_table, warn
from dealml.formatting import cents, money, percent

if TYPE_CHECKING:
    from dealml.jobs.forecasting.close_dates import Chances, CloseForecast, CloseForecasts

NONE = "–"
_A_DATE_ALONE = len("2026-01-31")


def command(
    deal: Annotated[str | None, typer.Argument(metavar="DEAL", help="A deal's id; without it, all open deals.")] = None,
    as_of: AsOf = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="DATE", help="Won, lost or open when this date is over; default the model's main horizon."),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", metavar="MODEL", help="The model of winning; default the project's first of deals."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the table: .parquet or .csv.")] = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Tell when open deals end, and how: won, lost or open by a date, the expected close, the chance to slip."""
    from dealml.jobs.forecasting.close_dates import forecast_close_dates

    here = open_project(project)
    at, until = moment_of_scores(here, as_of), None if by is None else _over(by)
    with progress() as tell:
        found = forecast_close_dates(here, at, until, deal, model, out, tell)
    if json:
        say_json(vars(found) | {"deals": [_as_json(one) for one in found.deals]})
        return
    if deal is not None:
        _tell(found, found.deals[0])
    else:
        _tell_all(found)
    if out:
        say(f"{out}: written")
    for note in found.notes:
        warn(f"note: {note}")


def _over(text: str) -> datetime:
    """The moment at which a date is over; a text with a time of day means that moment."""
    return moment(text, "--by") + timedelta(days=1 if len(text) == _A_DATE_ALONE else 0)


def _as_json(one: CloseForecast) -> dict[str, object]:
    plain = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in vars(one).items()}
    return plain | {"by": vars(one.by), "at_close": vars(one.at_close) if one.at_close else None}


def _tell(found: CloseForecasts, one: CloseForecast) -> None:
    about = [part for part in (one.name, one.account, one.stage, _money(one)) if part]
    made = f"{found.model} version {found.version}{f' with {found.completed_by}' if found.completed_by else ''}"
    say(f"{one.deal_id} as of {found.as_of:%Y-%m-%d %H:%M} UTC, {made}{': ' if about else ''}{', '.join(about)}")
    say(f"{_until(found)}: {_words(one.by)}")
    if one.expected:
        say(f"expected to close, won or lost, on {one.expected}; with 80% between {_date(one.early)} and {_date(one.late)}")
    elif found.completed_by:
        say("not expected to close within ten years, at the pace that deals like it have")
    if one.slipped:
        say(f"its close date, {one.close_date}, has passed: it slipped already")
    elif one.at_close:
        slips = "" if one.slips is None else f"; it slips with {one.slips:.1%}"
        say(f"when its close date, {one.close_date}, is over: {_words(one.at_close)}{slips}")
    else:
        say("no close date is on record")


def _tell_all(found: CloseForecasts) -> None:
    say(f"{len(found.deals):,} open deals as of {found.as_of:%Y-%m-%d %H:%M} UTC; {_until(found)}:")
    columns = ("deal", "name", "stage", "amount", "won", "lost", "open", "close date", "slips", "expected close", "80% from", "to")
    rows = [
        [
            one.deal_id,
            one.name,
            one.stage,
            _money(one) or NONE,
            *(_share(part) for part in (one.by.won, one.by.lost, one.by.open)),
            _date(one.close_date),
            "passed" if one.slipped else _share(one.slips),
            *(_date(day) for day in (one.expected, one.early, one.late)),
        ]
        for one in found.deals
    ]
    say_table(columns, rows)


def _until(found: CloseForecasts) -> str:
    """Which moment `by` is: the last microsecond belongs to the date that is over then."""
    days = f"{found.days:.0f} days" if found.days >= 1 else f"{found.days * 24:.0f} hours"
    return f"within {days}, by the end of {found.by - timedelta(microseconds=1):%Y-%m-%d}"


def _words(chances: Chances) -> str:
    if chances.lost is None or chances.open is None:
        return f"won {chances.won:.1%}"
    return f"won {chances.won:.1%}, lost {chances.lost:.1%}, still open {chances.open:.1%}"


def _money(one: CloseForecast) -> str:
    return "" if one.amount is None else money(cents(one.amount), one.currency)


def _share(value: float | None) -> str:
    return NONE if value is None else percent(value)


def _date(day: object) -> str:
    return NONE if day is None else str(day)
