"""`dealml forecast-backtest`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from dealml.cli.forecasting.forecast_output import say_track, track_json
from dealml.cli.older_rules import tell_older_rules
from dealml.cli.options import HERE, Json, MaybeAsOf, ModelOfDeals, ProjectFolder, Version, open_project
from dealml.cli.output import progress, say, say_json


def command(
    period_kind: Annotated[
        Literal["quarter", "month", "week"], typer.Option("--period-kind", metavar="KIND", help="Quarter, month or week.")
    ],
    periods: Annotated[
        int | None, typer.Option("--periods", metavar="N", min=1, help="The latest N; default all that can be forecast.")
    ] = None,
    as_of: MaybeAsOf = None,
    model: ModelOfDeals = "deal_win",
    version: Version = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Forecast past periods, and store how the forecasts compare with what was won; later forecasts learn from it."""
    from dealml.jobs.forecasting.backtest import forecast_backtest

    with progress() as tell:
        here = open_project(project)
        older = tell_older_rules(here)
        track, path = forecast_backtest(here, period_kind, here.calendar.read_optional_moment(as_of), model, version, periods, tell)
    if json:
        say_json(track_json(track) | {"file": str(path)} | older)
        return
    say_track(track)
    say(f"{path}: kept")
