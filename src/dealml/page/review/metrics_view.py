"""Metrics with their trend, and renewals as bars."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from dealml.page.review.content import Review
from dealml.page.review.metrics import MetricLine, RenewalLine
from dealml.page.shared import filters

WIDTH, HEIGHT, PAD = 120.0, 28.0, 4.0
"""Of a trend's picture, in its own units."""


@dataclass(frozen=True)
class Trend:
    """A line through the values; a missing one breaks it."""

    path: str
    dots: tuple[tuple[float, float], ...]
    """Values that stand alone between missing ones, and the last."""
    description: str


@dataclass(frozen=True)
class MetricView:
    """A metric as shown."""

    line: MetricLine
    trend: Trend | None


@dataclass(frozen=True)
class RenewalView:
    """A month as shown; widths are percent of the month with the largest sum."""

    month: str
    accounts: str
    arr: str
    lost: str
    share: str
    width: float
    lost_width: float


def metric_views(review: Review) -> tuple[MetricView, ...]:
    """Every metric with its trend."""
    return tuple(MetricView(line, trend_of(line.trend)) for line in review.metrics)


def trend_of(values: tuple[float | None, ...]) -> Trend | None:
    """Place the values of past periods; fewer than two are no trend."""
    present = [(index, value) for index, value in enumerate(values) if value is not None and isfinite(value)]
    if len(present) < 2:
        return None
    low, high = min(value for _, value in present), max(value for _, value in present)
    places = {index: _point(index, value, len(values), (low, high)) for index, value in present}
    path = "".join(f"{'L' if index - 1 in places else 'M'}{x:.1f} {y:.1f}" for index, (x, y) in places.items())
    alone = tuple(at for index, at in places.items() if index - 1 not in places and index + 1 not in places)
    last = places[present[-1][0]]
    first, now = present[0][1], present[-1][1]
    way = "unchanged" if now == first else "up" if now > first else "down"
    missing = len(values) - len(present)
    description = f"{way} over {len(values)} periods{f', {missing} of them without a value' if missing else ''}"
    return Trend(path, (*(at for at in alone if at != last), last), description)


def _point(index: int, value: float, count: int, ends: tuple[float, float]) -> tuple[float, float]:
    low, high = ends
    x = PAD + (WIDTH - 2 * PAD) * index / (count - 1)
    share = 0.5 if high == low else (value - low) / (high - low)
    return x, PAD + (HEIGHT - 2 * PAD) * (1 - share)


def renewal_views(review: Review) -> tuple[RenewalView, ...]:
    """Every month, the earliest first."""
    largest = max((float(each.arr) for each in review.renewals), default=0.0) or 1.0
    months = sorted(review.renewals, key=lambda each: each.month)
    return tuple(_renewal(each, largest, review.currency) for each in months)


def _renewal(each: RenewalLine, largest: float, currency: str) -> RenewalView:
    return RenewalView(
        filters.month(each.month),
        filters.thousands(each.accounts),
        filters.money(each.arr, currency),
        filters.money(each.expected_lost, currency),
        filters.percent(float(each.expected_lost / each.arr)) if each.arr else "–",
        round(100 * float(each.arr) / largest, 2),
        round(100 * float(each.expected_lost) / largest, 2),
    )
