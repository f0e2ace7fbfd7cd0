"""`dealml forecast`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dealml.cli.forecasting.forecast_output import forecast_json, say_forecast, say_track, track_json
from dealml.cli.options import HERE, Json, ProjectFolder, Version, maybe_moment, moment, open_project
from dealml.cli.output import progress, say, say_json, warn
from dealml.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from dealml.jobs.forecasting.forecast import ForecastRun


def command(
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="The moment that is forecast from; of a backtest, see only what was recorded before."),
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", metavar="PERIOD", help="What is forecast: 2026, 2026Q1, 2026-01 or 2026W03.")
    ] = None,
    model: Annotated[str, typer.Option("--model", metavar="MODEL", help="The model of deals won.")] = "deal_win",
    version: Version = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write each open deal's part in the forecast: .parquet or .csv.")
    ] = None,
    backtest: Annotated[bool, typer.Option("--backtest", help="Forecast past periods instead, and keep how that went.")] = False,
    period_kind: Annotated[
        Literal["quarter", "month", "week"] | None,
        typer.Option("--period-kind", metavar="KIND", help="Of a backtest: quarter, month or week."),
    ] = None,
    periods: Annotated[
        int | None, typer.Option("--periods", metavar="N", min=1, help="Of a backtest: the latest N; default all that can be forecast.")
    ] = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Forecast the money won in a period, with its range and what others would say."""
    if backtest:
        if period is not None or out is not None:
            raise UsageError("--period and --out do not go with --backtest; leave one of them out")
        _backtest(as_of, period_kind, periods, model, version, project, json)
        return
    if period_kind is not None or periods is not None:
        raise UsageError("--period-kind and --periods belong to a backtest; add --backtest")
    if as_of is None or period is None:
        raise UsageError("give the moment and the period, such as --as-of 2026-01-05 --period 2026Q1")
    _forecast(moment(as_of), period, model, version, out, project, json)


def _forecast(as_of: datetime, period: str, model: str, version: int | None, out: Path | None, project: Path, json: bool) -> None:
    from dealml.jobs.forecasting.forecast import run_forecast
    from dealml.period import Period
    from dealml.scoring.export import check_destination

    if out is not None:
        check_destination(out)
    with progress() as tell:
        found = run_forecast(open_project(project), as_of, Period.parse(period), model, version, progress=tell)
    if out is not None:
        _write(found, out)
    if json:
        say_json(forecast_json(found.forecast))
        return
    say_forecast(found.forecast)
    if out is not None:
        say(f"{out}: written")
    for note in found.forecast.notes:
        warn(f"note: {note}")


def _backtest(as_of: str | None, kind: str | None, periods: int | None, model: str, version: int | None, project: Path, json: bool) -> None:
    from dealml.jobs.forecasting.backtest import forecast_backtest

    if kind is None:
        raise UsageError("Missing option '--period-kind': quarter, month or week")
    with progress() as tell:
        track, path = forecast_backtest(open_project(project), kind, maybe_moment(as_of), model, version, periods, tell)  # type: ignore[arg-type]
    if json:
        say_json(track_json(track) | {"file": str(path)})
        return
    say_track(track)
    say(f"{path}: kept")


def _write(found: ForecastRun, out: Path) -> None:
    import pyarrow as pa

    from dealml.scoring.export import write_table

    table = pa.Table.from_pandas(found.deals, preserve_index=False)
    write_table(out, table.schema, [table])
