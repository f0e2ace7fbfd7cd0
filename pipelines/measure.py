"""Measure forecasts of past quarters with a champion's recipe: the review page shows them, and later forecasts learn their spread."""

from prefect import get_run_logger
from prefect.artifacts import create_table_artifact

import dealml
from dealml.flows import backtest_table
from pipelines.bars import bars, key
from pipelines.retries import job


@job("measure forecasts", "measure forecasts {model}")
def measure_forecasts(project: str, model: str, as_of: str | None = None) -> bool:
    """Forecast past quarters from what was recorded then; whether there were any. A past too short for one is no failure."""
    try:
        result = dealml.open(project, bars(f"measure {model}")).forecast_backtest("quarter", as_of, model)
    except dealml.ModelError as error:
        get_run_logger().info("%s: forecasts were not measured: %s", model, error)
        return False
    get_run_logger().info("%s: %d of %d past quarters within the range; %s", model, result.covered, len(result.periods), result.file)
    create_table_artifact(backtest_table(result), key(f"past forecasts {model}"), f"{model}: past quarters, and what was won in them")
    return True
