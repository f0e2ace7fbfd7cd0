"""What a backtest of forecasts returns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from dealml.forecast.result import ForecastAccuracy


@dataclass(frozen=True)
class ForecastBacktestResult:
    """Forecasts of past periods, none of which knew what came after its moment.

    Example
    -------
    >>> result = project.forecast_backtest("quarter")
    >>> result.coverage, result.periods[["period", "p10", "p90", "actual"]]
    """

    periods: pd.DataFrame
    """One row a past period: `period`, `as_of`, `mean`, `p10`, `p50`, `p90`, `actual`."""
    coverage: float
    """The share of periods whose actual lies from P10 to P90; the range promises 0.8."""
    file: Path
    """The stored backtest, which later forecasts learn their spread from."""

    @property
    def covered(self) -> int:
        """The number of periods whose actual lies from P10 to P90."""
        return round(self.coverage * len(self.periods))


def forecast_backtest_result(accuracy: ForecastAccuracy, file: Path) -> ForecastBacktestResult:
    """A backtest of forecasts as its public form."""
    import pandas as pd

    rows = [{"period": past.period.name, "as_of": past.as_of, **vars(past.forecast), "actual": past.actual} for past in accuracy.past]
    return ForecastBacktestResult(pd.DataFrame(rows), accuracy.coverage, file)
