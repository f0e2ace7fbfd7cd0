"""Past forecasts as they are shown: each period's range against the actual value, and the pinball losses."""

from __future__ import annotations

from dataclasses import dataclass

from dealml.forecast.result import Forecast, ForecastAccuracy, PastPeriod
from dealml.page.review.forecast_view import position_in, span
from dealml.page.shared import filters
from dealml.page.shared.scale import Scale, scale_of


@dataclass(frozen=True)
class PastView:
    """A past period as a line of the table; places are percent of its picture's width."""

    period: str
    seen: str
    range: str
    actual: str
    verdict: str
    rivals: tuple[str, ...]
    low: float
    mid: float
    high: float
    came: float


@dataclass(frozen=True)
class TrackView:
    """All that is shown of the past forecasts."""

    sentence: str
    rivals: tuple[str, ...]
    past: tuple[PastView, ...]
    pinball: tuple[tuple[str, str, bool], ...]
    """Name, figure, whether it is the model's; the best first."""


def track_view(forecast: Forecast, track: ForecastAccuracy) -> TrackView:
    """Turn what was measured into texts and places."""
    titles = {rival.name: rival.title for rival in forecast.benchmarks}
    names = [name for name in titles if any(past.benchmarks.get(name) is not None for past in track.past)]
    ends = [end for past in track.past for end in (past.forecast.p10, past.forecast.p90, past.actual)]
    scale = scale_of(ends, forecast.currency, zero=False)
    losses = sorted(track.pinball.items(), key=lambda loss: (loss[1], loss[0]))
    return TrackView(
        _sentence(track),
        tuple(titles[name] for name in names),
        tuple(_past(past, names, scale) for past in reversed(track.past)),
        tuple((_called(name, titles), filters.money(loss, forecast.currency), name == "model") for name, loss in losses),
    )


def _called(name: str, titles: dict[str, str]) -> str:
    return "This forecast" if name == "model" else titles.get(name, name.replace("_", " ").capitalize())


def _sentence(track: ForecastAccuracy) -> str:
    inside = sum(past.forecast.p10 <= past.actual <= past.forecast.p90 for past in track.past)
    periods = f"{len(track.past):,} past {'period' if len(track.past) == 1 else 'periods'}"
    return f"{inside:,} of {periods} came out inside the range ({filters.counted_percent(track.coverage)}); it promises 80%."


def _past(past: PastPeriod, names: list[str], scale: Scale) -> PastView:
    amounts = (past.benchmarks.get(name) for name in names)
    return PastView(
        filters.period(past.period),
        filters.day(past.as_of.date()),
        span(past.forecast, scale.currency),
        filters.short_money(past.actual, scale.currency),
        position_in(past.actual, past.forecast).replace(" the range", ""),
        tuple("–" if amount is None else filters.short_money(amount, scale.currency) for amount in amounts),
        *map(scale.at, (past.forecast.p10, past.forecast.p50, past.forecast.p90, past.actual)),
    )
