"""`dealml outlook`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dealml.cli.older_rules import tell_older_rules
from dealml.cli.options import HERE, AsOf, Json, ProjectFolder, moment_of_scores, open_project
from dealml.cli.output import progress, say, say_json, say_table, warn
from dealml.formatting import cents, money, percent

if TYPE_CHECKING:
    from datetime import datetime

    from dealml.company_calendar import CompanyCalendar
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
    older = tell_older_rules(here)
    at, until = moment_of_scores(here, as_of), None if by is None else _over(here.calendar, by)
    with progress() as tell:
        report = forecast_close_dates(here, at, until, deal, model, out, tell)
    if json:
        say_json(vars(report) | {"deals": [_as_json(deal_forecast) for deal_forecast in report.deals]} | older)
        return
    if deal is not None:
        _tell(report, report.deals[0])
    else:
        _tell_all(report)
    if out:
        say(f"{out}: written")
    for note in report.notes:
        warn(f"note: {note}")


def _over(calendar: CompanyCalendar, text: str) -> datetime:
    """The moment at which a date is over; a text with a time of day means that moment."""
    return calendar.read_moment(text, "--by") + timedelta(days=1 if len(text) == _A_DATE_ALONE else 0)


def _as_json(forecast: CloseForecast) -> dict[str, object]:
    plain = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in vars(forecast).items()}
    return plain | {"by": vars(forecast.by), "at_close": vars(forecast.at_close) if forecast.at_close else None}


def _tell(report: CloseForecasts, forecast: CloseForecast) -> None:
    about = [part for part in (forecast.name, forecast.account, forecast.stage, _money(forecast)) if part]
    made = f"{report.model} version {report.version}{f' with {report.completed_by}' if report.completed_by else ''}"
    say(f"{forecast.deal_id} as of {report.as_of:%Y-%m-%d %H:%M %Z}, {made}{': ' if about else ''}{', '.join(about)}")
    say(f"{_until(report)}: {_words(forecast.by)}")
    if forecast.expected:
        say(f"expected to close, won or lost, on {forecast.expected}; with 80% between {_date(forecast.early)} and {_date(forecast.late)}")
    elif report.completed_by:
        say("not expected to close within ten years, at the pace that deals like it have")
    if forecast.slipped:
        say(f"its close date, {forecast.close_date}, has passed: it slipped already")
    elif forecast.at_close:
        slips = "" if forecast.slips is None else f"; it slips with {forecast.slips:.1%}"
        say(f"when its close date, {forecast.close_date}, is over: {_words(forecast.at_close)}{slips}")
    else:
        say("no close date is on record")


def _tell_all(report: CloseForecasts) -> None:
    say(f"{len(report.deals):,} open deals as of {report.as_of:%Y-%m-%d %H:%M %Z}; {_until(report)}:")
    columns = ("deal", "name", "stage", "amount", "won", "lost", "open", "close date", "slips", "expected close", "80% from", "to")
    rows = [
        [
            forecast.deal_id,
            forecast.name,
            forecast.stage,
            _money(forecast) or NONE,
            *(_share(part) for part in (forecast.by.won, forecast.by.lost, forecast.by.open)),
            _date(forecast.close_date),
            "passed" if forecast.slipped else _share(forecast.slips),
            *(_date(day) for day in (forecast.expected, forecast.early, forecast.late)),
        ]
        for forecast in report.deals
    ]
    say_table(columns, rows)


def _until(report: CloseForecasts) -> str:
    """Which moment `by` is: the last microsecond belongs to the date that is over then."""
    days = f"{report.days:.0f} days" if report.days >= 1 else f"{report.days * 24:.0f} hours"
    return f"within {days}, by the end of {report.by - timedelta(microseconds=1):%Y-%m-%d}"


def _words(chances: Chances) -> str:
    if chances.lost is None or chances.open is None:
        return f"won {chances.won:.1%}"
    return f"won {chances.won:.1%}, lost {chances.lost:.1%}, still open {chances.open:.1%}"


def _money(forecast: CloseForecast) -> str:
    return "" if forecast.amount is None else money(cents(forecast.amount), forecast.currency)


def _share(value: float | None) -> str:
    return NONE if value is None else percent(value)


def _date(day: object) -> str:
    return NONE if day is None else str(day)
