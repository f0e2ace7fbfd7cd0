"""The result of a forecast: a distribution of money, its parts, benchmarks and past accuracy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dealml.period import Period


@dataclass(frozen=True)
class Range:
    """A distribution of money in the project's currency, by its mean and three quantiles."""

    mean: float
    p10: float
    p50: float
    p90: float


@dataclass(frozen=True)
class BenchmarkForecast:
    """A forecast of the same money without a model, as one figure."""

    name: str
    """commit, best_case, stage_weighted, category_conversion, run_rate."""
    title: str
    amount: float | None
    why_absent: str = ""
    """Said where there is no figure."""


@dataclass(frozen=True)
class PastPeriod:
    """A past period: the forecast that would have been made, and the actual value."""

    period: Period
    as_of: datetime
    forecast: Range
    actual: float
    benchmarks: Mapping[str, float | None]


@dataclass(frozen=True)
class ForecastAccuracy:
    """How forecasts of past periods did: no forecast used anything recorded after its own moment."""

    past: tuple[PastPeriod, ...]
    coverage: float
    """Share of the past periods whose actual lay from P10 to P90; 0.8 is what the range promises."""
    pinball: Mapping[str, float]
    """Mean pinball loss over the three quantiles, of the forecast (`model`) and of each rival's single figure, on the same periods."""


@dataclass(frozen=True)
class Recurring:
    """Yearly recurring revenue at the period's end: what it is now, what is lost and what existing customers add."""

    now: float
    at_end: Range
    churned: Range
    expanded: Range
    """Net of contraction."""
    accounts: int


@dataclass(frozen=True)
class Forecast:
    """The money won in a period, as seen from a moment.

    `bridge` adds up to `total.mean`: won so far, open deals at their served probabilities times amounts,
    what past periods correct that by, and deals not yet created.
    """

    period: Period
    as_of: datetime
    currency: str
    won_so_far: float
    deals: int
    """Open deals that were counted."""
    total: Range
    open_deals: Range
    new_deals: Range
    bridge: tuple[tuple[str, float], ...]
    wide_because: tuple[tuple[str, float], ...]
    """What makes the range wide, in words, and its share of the variance; the largest first, sums to 1."""
    groups: Mapping[str, Mapping[str, Range]]
    """By team, segment and kind (new or existing business): the same money cut another way."""
    benchmarks: tuple[BenchmarkForecast, ...]
    judged: Range | None = None
    """With people's overrides in place of the model's numbers; None where there are none."""
    recurring: Recurring | None = None
    accuracy: ForecastAccuracy | None = None
    notes: tuple[str, ...] = ()
