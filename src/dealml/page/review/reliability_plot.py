"""Geometry of the reliability curve; the markup is in `templates/curve.svg.j2`."""

import math
from dataclasses import dataclass

from dealml.page.review.content import ReliabilityCurve

SIDE = 300.0
LEFT = 46.0
TOP = 10.0


@dataclass(frozen=True)
class ReliabilityMark:
    """One group of scores on the curve, in drawing units, with its numbers for the table."""

    x: float
    y: float
    y_low: float
    y_high: float
    radius: float
    predicted: float
    observed: float
    low: float
    high: float
    share: float


@dataclass(frozen=True)
class Plot:
    """Everything the curve's template draws."""

    marks: tuple[ReliabilityMark, ...]
    ticks: tuple[tuple[float, float, str], ...]

    @property
    def line(self) -> str:
        """The marks' centres as the points of a polyline."""
        return " ".join(f"{mark.x:.1f},{mark.y:.1f}" for mark in self.marks)


def plot_of(curve: ReliabilityCurve | None) -> Plot | None:
    """Place a curve on its square; nothing to draw gives None."""
    groups = [] if curve is None else _groups(curve)
    if not groups:
        return None
    total = sum(group[4] for group in groups)
    largest = max(group[4] for group in groups)
    marks = tuple(_mark(group, total, largest) for group in sorted(groups))
    return Plot(marks, tuple((across(t / 4), up(t / 4), f"{t * 25}%") for t in range(5)))


def nearest(plot: Plot, score: float) -> ReliabilityMark:
    """Find the group whose mean score lies nearest to a score."""
    return min(plot.marks, key=lambda mark: abs(mark.predicted - score))


def _groups(curve: ReliabilityCurve) -> list[tuple[float, ...]]:
    """List the groups that can be drawn: an empty bin has neither a rate nor a place."""
    columns = zip(curve.predicted, curve.observed, curve.low, curve.high, curve.weight, strict=True)
    return [group for group in columns if group[4] > 0 and all(map(math.isfinite, group))]


def _mark(group: tuple[float, ...], total: float, largest: float) -> ReliabilityMark:
    predicted, observed, low, high, weight = group
    return ReliabilityMark(
        x=across(predicted),
        y=up(observed),
        y_low=up(low),
        y_high=up(high),
        radius=3 + 5 * math.sqrt(weight / largest),
        predicted=predicted,
        observed=observed,
        low=low,
        high=high,
        share=weight / total,
    )


def across(share: float) -> float:
    """Where a share lies on the axis that runs to the right."""
    return LEFT + SIDE * share


def up(share: float) -> float:
    """Where a share lies on the axis that runs upwards."""
    return TOP + SIDE * (1 - share)
