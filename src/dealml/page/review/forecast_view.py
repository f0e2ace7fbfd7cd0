"""A forecast as it is drawn: one line of money with the range, what is won already, and the rivals on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dealml.forecast.labels import CUTS
from dealml.forecast.result import BenchmarkForecast, Forecast, Range, Recurring
from dealml.page.shared import filters
from dealml.page.shared.scale import Scale, scale_of

TOP, LANE, FOOT = 22, 42, 26
"""Heights in pixels: above the first mark, from one mark to the next, and of the axis."""
SHAPES = ("M-6 0l6-7 6 7-6 7z", "M-6-6h12v12h-12z", "M0-7l7 12h-14z", "M0 7l7-12h-14z", "M-6-6L6 6M-6 6L6-6")
"""Diamond, square, triangle, triangle on its head, cross: rivals are told apart without colour."""
WIDE = 0.5
"""Of the middle: a range wider than this is called wide."""


@dataclass(frozen=True)
class RangeBand:
    """A range on the line; places are percent of the width, `y` is the middle of its lane in pixels."""

    title: str
    text: str
    y: int
    low: float
    mid: float
    high: float
    won: float
    """How far what is won already reaches."""


@dataclass(frozen=True)
class BenchmarkMark:
    """A rival's figure on the line."""

    title: str
    text: str
    y: int
    x: float
    shape: str


@dataclass(frozen=True)
class GroupRange:
    """One team's, segment's or kind's part, with its range on a line of its own table."""

    name: str
    range: Range
    low: float
    mid: float
    high: float


@dataclass(frozen=True)
class Cut:
    """The same money cut one way."""

    title: str
    groups: tuple[GroupRange, ...]


@dataclass(frozen=True)
class ForecastView:
    """Everything that the template draws of a forecast."""

    bands: tuple[RangeBand, ...]
    marks: tuple[BenchmarkMark, ...]
    absent: tuple[BenchmarkForecast, ...]
    ticks: tuple[tuple[float, str], ...]
    description: str
    """The picture in words."""
    wide: str
    """How wide the range is, as a sentence."""
    causes: tuple[tuple[str, float], ...]
    cuts: tuple[Cut, ...]

    @property
    def foot(self) -> int:
        """Where the axis stands, in pixels."""
        return TOP + LANE * (len(self.bands) + len(self.marks)) - 8

    @property
    def height(self) -> int:
        """In pixels."""
        return self.foot + FOOT


def forecast_view(forecast: Forecast) -> ForecastView:
    """Place everything."""
    present = [rival for rival in forecast.benchmarks if rival.amount is not None]
    ranges = [forecast.total, *([forecast.judged] if forecast.judged else [])]
    ends = [end for each in ranges for end in (each.p10, each.p50, each.p90)]
    scale = scale_of([*ends, forecast.won_so_far, *(rival.amount or 0.0 for rival in present)], forecast.currency, reach=92)
    titles = ("Forecast", "With judgement")
    bands = tuple(
        _band(title, each, forecast.won_so_far, TOP + LANE * index, scale)
        for index, (title, each) in enumerate(zip(titles, ranges, strict=False))
    )
    marks = tuple(_mark(rival, index, TOP + LANE * (len(bands) + index), forecast.total, scale) for index, rival in enumerate(present))
    return ForecastView(
        bands,
        marks,
        tuple(rival for rival in forecast.benchmarks if rival.amount is None),
        scale.ticks,
        _description(forecast, bands, marks),
        _wide(forecast),
        tuple(forecast.wide_because),
        _cuts(forecast.groups, forecast.currency),
    )


def position_in(amount: float, range: Range) -> str:
    """Where a figure lies against a range, in words."""
    if amount < range.p10:
        return "below the range"
    return "above the range" if amount > range.p90 else "inside the range"


def span(range: Range, currency: str) -> str:
    """A range in words: ``€3.6m to €4.9m``."""
    return f"{filters.short_money(range.p10, currency)} to {filters.short_money(range.p90, currency)}"


def _band(title: str, range: Range, won: float, y: int, scale: Scale) -> RangeBand:
    text = f"{filters.short_money(range.p50, scale.currency)} ({span(range, scale.currency)})"
    return RangeBand(title, text, y, scale.at(range.p10), scale.at(range.p50), scale.at(range.p90), scale.at(won))


def _mark(rival: BenchmarkForecast, number: int, y: int, range: Range, scale: Scale) -> BenchmarkMark:
    amount = rival.amount or 0.0
    text = f"{filters.short_money(amount, scale.currency)}, {position_in(amount, range)}"
    return BenchmarkMark(rival.title, text, y, scale.at(amount), SHAPES[number % len(SHAPES)])


def _description(forecast: Forecast, bands: tuple[RangeBand, ...], marks: tuple[BenchmarkMark, ...]) -> str:
    lanes: tuple[RangeBand | BenchmarkMark, ...] = (*bands, *marks)
    parts = [f"{each.title}: {each.text}" for each in lanes]
    won = f"Already won: {filters.short_money(forecast.won_so_far, forecast.currency)}"
    return f"{'; '.join([*parts, won])}."


def _wide(forecast: Forecast) -> str:
    """How far apart the ends are, never left out where it is far."""
    total = forecast.total
    apart = filters.short_money(total.p90 - total.p10, forecast.currency)
    if total.p50 <= 0:
        return f"The ends of the range are {apart} apart."
    share = (total.p90 - total.p10) / total.p50
    lead = "This range is wide: its" if share > WIDE else "The"
    return f"{lead} ends {'' if share > WIDE else 'of the range '}are {apart} apart, {filters.counted_percent(share)} of the middle."


def _cuts(groups: Mapping[str, Mapping[str, Range]], currency: str) -> tuple[Cut, ...]:
    return tuple(_cut(key, parts, currency) for key, parts in groups.items() if parts)


def _cut(key: str, parts: Mapping[str, Range], currency: str) -> Cut:
    scale = scale_of([end for each in parts.values() for end in (each.p10, each.p90)], currency)
    ordered = sorted(parts.items(), key=lambda part: (-part[1].p50, part[0]))
    # Kinds are words; teams and segments are names, which stay as they are.
    called = filters.capitalize_first if key == "kind" else str
    groups = (GroupRange(called(name), each, *map(scale.at, (each.p10, each.p50, each.p90))) for name, each in ordered)
    return Cut(CUTS.get(key, f"By {key}"), tuple(groups))


@dataclass(frozen=True)
class RecurringLine:
    """A line of the table of recurring revenue."""

    title: str
    amount: str
    range: str


def recurring_lines(recurring: Recurring, currency: str) -> tuple[RecurringLine, ...]:
    """From what is paid a year now to what is paid at the end of the period."""
    lost = recurring.churned
    turned = Range(-lost.mean, -lost.p90, -lost.p50, -lost.p10)
    parts = (
        ("Lost to churn", turned),
        ("Added by existing customers, less what they cut", recurring.expanded),
        ("At the end of the period", recurring.at_end),
    )

    def line(title: str, range: Range) -> RecurringLine:
        return RecurringLine(title, filters.short_money(range.p50, currency), span(range, currency))

    return RecurringLine("Now", filters.short_money(recurring.now, currency), "known"), *(line(*part) for part in parts)
