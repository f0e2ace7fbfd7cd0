"""`dealml forecast`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dealml.cli.forecasting.forecast_output import forecast_json, say_forecast
from dealml.cli.older_rules import tell_older_rules
from dealml.cli.options import HERE, Json, ModelOfDeals, ProjectFolder, Version, open_project
from dealml.cli.output import progress, say, say_json, warn

if TYPE_CHECKING:
    from dealml.jobs.forecasting.forecast import ForecastRun


def command(
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The moment that is forecast from.")],
    period: Annotated[str, typer.Option("--period", metavar="PERIOD", help="What is forecast: 2026, 2026Q1, 2026-01 or 2026W03.")],
    model: ModelOfDeals = "deal_win",
    version: Version = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write each open deal's part in the forecast: .parquet or .csv.")
    ] = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Forecast the money won in a period, with its range and what others would say."""
    from dealml.jobs.forecasting.forecast import run_forecast
    from dealml.scoring.export import check_destination

    here = open_project(project)
    older = tell_older_rules(here)
    at, over = here.calendar.read_moment(as_of), here.calendar.read_period(period)
    if out is not None:
        check_destination(out)
    with progress() as tell:
        run = run_forecast(here, at, over, model, version, progress=tell)
    if out is not None:
        _write(run, out)
    if json:
        say_json(forecast_json(run.forecast) | older)
        return
    say_forecast(run.forecast)
    if out is not None:
        say(f"{out}: written")
    for note in run.forecast.notes:
        warn(f"note: {note}")


def _write(run: ForecastRun, out: Path) -> None:
    import pyarrow as pa

    from dealml.scoring.export import write_table

    table = pa.Table.from_pandas(run.deals, preserve_index=False)
    write_table(out, table.schema, [table])
