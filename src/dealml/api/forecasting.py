"""The methods that forecast money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from dealml.api.session import ProjectSession
from dealml.moment_parsing import Moment

if TYPE_CHECKING:
    from dealml.api.results.backtest_result import ForecastBacktestResult
    from dealml.api.results.forecast_result import ForecastResult

PeriodKind = Literal["quarter", "month", "week"]


class ForecastingMethods(ProjectSession):
    """Forecast the money won in a period, and measure such forecasts on the past."""

    def forecast(self, period: str, as_of: Moment, model: str = "deal_win", version: int | None = None) -> ForecastResult:
        """Forecast the money won in a period.

        Parameters
        ----------
        period
            Such as 2026, 2026Q1, 2026-01 or 2026W03.
        as_of
            The moment that is forecast from.
        model
            The model of deals won.
        version
            A version by number; default the champion.

        Returns
        -------
        ForecastResult
            The mean, P10, P50 and P90, and each open deal's part.

        Raises
        ------
        UsageError
            When the period or the moment cannot be read, or the project defines no such model.
        InputError
            When the ledger has no dates or no amounts.
        ModelError
            When nothing was trained yet, or the model is not one of deals won.

        Example
        -------
        >>> project.forecast("2026Q1", as_of="2026-01-05").ranges
        """
        from dealml.api.results.forecast_result import forecast_result
        from dealml.jobs.forecasting.forecast import run_forecast

        with self._reporting() as report:
            calendar = self._project.calendar
            moment, span = calendar.moment(as_of), calendar.read_period(str(period), "period")
            return forecast_result(run_forecast(self._project, moment, span, model, version, progress=report))

    def forecast_backtest(
        self,
        kind: PeriodKind = "quarter",
        as_of: Moment | None = None,
        model: str = "deal_win",
        version: int | None = None,
        periods: int | None = None,
    ) -> ForecastBacktestResult:
        """Forecast past periods, each from what was recorded then, and store the result for later forecasts.

        Parameters
        ----------
        kind
            The length of a period: quarter, month or week.
        as_of
            Use only what was recorded before this moment; default the end of the data.
        model
            The model of deals won.
        version
            The version whose recipe is refitted; default the champion's.
        periods
            The number of latest periods; default all that have enough data before them.

        Returns
        -------
        ForecastBacktestResult
            Each period's forecast and actual, and how often the range held.

        Raises
        ------
        InputError
            When the ledger has no dates or no amounts.
        ModelError
            When no past period had enough data before it.

        Example
        -------
        >>> project.forecast_backtest("quarter").coverage
        """
        from dealml.api.results.backtest_result import forecast_backtest_result
        from dealml.jobs.forecasting.backtest import forecast_backtest

        with self._reporting() as report:
            moment = self._project.calendar.optional_moment(as_of)
            return forecast_backtest_result(*forecast_backtest(self._project, kind, moment, model, version, periods, report))
