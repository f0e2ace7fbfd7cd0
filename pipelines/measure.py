"""Measure forecasts of past quarters with a champion's recipe: the review page shows them, and later forecasts learn their spread."""

from pathlib import Path

from prefect import get_run_logger
from prefect.artifacts import create_table_artifact

from dealml.cli.options import maybe_moment
from dealml.errors import ModelError
from dealml.forecast.result import ForecastAccuracy
from dealml.jobs.forecasting.backtest import forecast_backtest
from dealml.period import Kind
from dealml.project import Project
from pipelines.bars import bars, key
from pipelines.retries import job

KIND: Kind = "quarter"


@job("measure forecasts", "measure forecasts {model}")
def measure_forecasts(project: str, model: str, as_of: str | None = None) -> bool:
    """Forecast past quarters as they would have been; whether there were any. A past too short for one is no failure."""
    try:
        track, file = forecast_backtest(Project(Path(project)), KIND, maybe_moment(as_of), model, progress=bars(f"measure {model}"))
    except ModelError as error:
        get_run_logger().info("%s: forecasts were not measured: %s", model, error)
        return False
    get_run_logger().info("%s: %d of %d past quarters within the range; %s", model, inside(track), len(track.past), file)
    create_table_artifact(past(track), key(f"past forecasts {model}"), f"{model}: past quarters, and what came of them")
    return True


def inside(track: ForecastAccuracy) -> int:
    """How many past periods came to lie within their range."""
    return round(track.coverage * len(track.past))


def past(track: ForecastAccuracy) -> list[dict[str, str]]:
    """The table of past forecasts."""
    return [
        {"quarter": one.period.name, "P10": f"{one.forecast.p10:,.0f}", "P90": f"{one.forecast.p90:,.0f}", "actual": f"{one.actual:,.0f}"}
        for one in track.past
    ]
