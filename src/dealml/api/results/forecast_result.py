"""What a forecast returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from dealml.forecast.result import Range
    from dealml.jobs.forecasting.forecast import ForecastRun


@dataclass(frozen=True)
class ForecastResult:
    """The distribution of the money won in a period, as seen from a moment.

    Example
    -------
    >>> result = project.forecast("2026Q1", as_of="2026-01-05")
    >>> result.p10, result.mean, result.p90, result.currency
    """

    period: str
    """Such as 2026Q1."""
    start: datetime
    end: datetime
    as_of: datetime
    currency: str
    mean: float
    p10: float
    p50: float
    p90: float
    won_so_far: float
    ranges: pd.DataFrame
    """`part` (total, open_deals, new_deals, and with people's overrides `with_judgement`), `mean`, `p10`, `p50`, `p90`."""
    bridge: pd.DataFrame
    """The steps that add up to the mean: `step`, `amount`."""
    benchmarks: pd.DataFrame
    """Other forecasts of the same money: `name`, `title`, `amount`, `why_absent`."""
    deals: pd.DataFrame
    """One row an open deal: `deal_id`, `team`, `segment`, `kind`, `amount`, `probability` within the period, `expected` money."""
    notes: tuple[str, ...]


def forecast_result(run: ForecastRun) -> ForecastResult:
    """The forecasting job's result as its public form."""
    import pandas as pd

    forecast = run.forecast
    ranges: dict[str, Range | None] = {
        "total": forecast.total,
        "open_deals": forecast.open_deals,
        "new_deals": forecast.new_deals,
        "with_judgement": forecast.judged,
    }
    benchmarks = [(rival.name, rival.title, rival.amount, rival.why_absent) for rival in forecast.benchmarks]
    return ForecastResult(
        period=forecast.period.name,
        start=forecast.period.start,
        end=forecast.period.end,
        as_of=forecast.as_of,
        currency=forecast.currency,
        mean=forecast.total.mean,
        p10=forecast.total.p10,
        p50=forecast.total.p50,
        p90=forecast.total.p90,
        won_so_far=forecast.won_so_far,
        ranges=pd.DataFrame([{"part": part, **vars(values)} for part, values in ranges.items() if values]),
        bridge=pd.DataFrame(forecast.bridge, columns=["step", "amount"]),
        benchmarks=pd.DataFrame(benchmarks, columns=["name", "title", "amount", "why_absent"]),
        deals=run.deals,
        notes=forecast.notes,
    )
