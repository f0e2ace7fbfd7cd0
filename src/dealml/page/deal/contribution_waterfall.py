"""How one probability becomes another, step by step; the markup is in `templates/waterfall.svg.j2`."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from math import ceil, floor, isclose
from typing import TYPE_CHECKING

from dealml.page.shared.document import environment
from dealml.page.shared.filters import percent, points

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

REACH = 75.0
"""Percent of the width in which bars lie; what is right of it is for the last bar's points."""
LINE, BAR, GAP, AXIS = 18, 14, 12, 26
"""Heights in pixels: of a line of text, a bar, the space below it, and the axis."""
LINES, CHARACTERS = 2, 44
"""Of a label, before it is cut: as many small letters as a phone's width holds."""
LEAST_SPAN = 0.04
"""Of the axis: probabilities that hardly differ should not look far apart."""
POINTED = 5.0
"""Percent of the width from which a bar has room for an arrow head."""
TOLERANCE = 1e-6
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0)


@dataclass(frozen=True)
class ContributionBar:
    """A step: a bar from one level to the next. `x`, `width` and `end` are percent of the picture's width."""

    lines: tuple[str, ...]
    """Of the label, as far as they are shown."""
    label: str
    text: str
    """The points in words."""
    is_up: bool
    y: int
    """The top of the bar in pixels; the label stands above it."""
    x: float
    width: float
    end: float
    """Where the bar ends: at its right if it goes up, at its left if it goes down."""

    @property
    def is_pointed(self) -> bool:
        """Whether there is room for an arrow head."""
        return self.width >= POINTED


@dataclass(frozen=True)
class Level:
    """A probability before the first step or after the last."""

    label: str
    text: str
    y: int
    x: float


@dataclass(frozen=True)
class ContributionWaterfall:
    """Everything the template draws."""

    first: Level
    bars: tuple[ContributionBar, ...]
    last: Level
    ticks: tuple[tuple[float, str], ...]
    foot: int
    """Where the axis stands, in pixels."""
    description: str
    """The picture in words."""

    @property
    def height(self) -> int:
        """In pixels."""
        return self.foot + AXIS

    @property
    def links(self) -> tuple[tuple[float, int, int], ...]:
        """Lines that lead from each level to the next bar: percent of the width, top and bottom in pixels."""
        tops = [self.first.y, *(bar.y for bar in self.bars), self.last.y]
        ends = [self.first.x, *(bar.end for bar in self.bars)]
        return tuple((x, top + BAR, below) for x, top, below in zip(ends, tops[:-1], tops[1:], strict=True))


def waterfall(
    start: float, end: float, steps: Sequence[tuple[str, float]], *, first: str = "Start", last: str = "Result", name: str = "waterfall"
) -> Markup:
    """Draw how one probability becomes another, a bar for each step.

    The style is in `templates/pictures.css`.

    Parameters
    ----------
    start, end
        Probabilities.
    steps
        Label and points of each, as a share of one: 0.12 is twelve points. They add up to what lies between.
    first, last
        What the two probabilities are called.
    name
        Unlike for each picture of a page: ids begin with it.

    Raises
    ------
    ValueError
        When the steps do not lead from the start to the end.
    """
    from markupsafe import Markup

    return Markup(_template().module.waterfall(placed(start, end, steps, first, last), name))  # type: ignore[attr-defined]


def placed(
    start: float, end: float, steps: Sequence[tuple[str, float]], first: str = "Start", last: str = "Result"
) -> ContributionWaterfall:
    """Place everything; see `waterfall`."""
    levels = list(accumulate((value for _, value in steps), initial=start))
    if not isclose(levels[-1], end, rel_tol=0, abs_tol=TOLERANCE):
        raise ValueError(f"the steps lead from {start} to {levels[-1]}, not to {end}")
    low, high, step = _range(levels)

    def across(level: float) -> float:
        return round(REACH * (level - low) / (high - low), 3)

    y, bars = LINE, []
    top = Level(first, percent(start), y, across(start))
    for (label, value), before, after in zip(steps, levels[:-1], levels[1:], strict=True):
        lines = _wrapped(label)
        y += BAR + GAP + LINE * len(lines)
        left, right = across(min(before, after)), across(max(before, after))
        bars.append(ContributionBar(lines, label, points(value), value >= 0, y, left, round(right - left, 3), across(after)))
    y += BAR + GAP + LINE
    description = "; ".join((f"{first}: {percent(start)}", *(f"{bar.label}: {bar.text}" for bar in bars), f"{last}: {percent(end)}"))
    bottom = Level(last, percent(end), y, across(levels[-1]))
    return ContributionWaterfall(top, tuple(bars), bottom, _ticks(low, high, step), y + BAR + GAP, f"{description}.")


def _range(levels: Sequence[float]) -> tuple[float, float, float]:
    """The ends of the axis and the step between its ticks."""
    low, high = min(levels), max(levels)
    pad = max(0.0, LEAST_SPAN - (high - low)) / 2
    low, high = low - pad, high + pad
    step = next((step for step in _STEPS if (high - low) / step <= 4), _STEPS[-1])
    # Less a hair, so that a level on a tick does not add an empty step.
    return floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step, step


def _ticks(low: float, high: float, step: float) -> tuple[tuple[float, str], ...]:
    """A sum of parts may leave 0 to 100 % on its way; the axis names no probability that cannot be."""
    count = round((high - low) / step)
    shown = [tick for tick in range(count + 1) if -1e-9 <= low + tick * step <= 1 + 1e-9]
    return tuple((round(REACH * tick / count, 3), f"{abs(low + tick * step):.0%}") for tick in shown)


def _wrapped(label: str) -> tuple[str, ...]:
    """Break a label between words, or within one that is too long; the last line ends in an ellipsis if anything is left."""
    rest, lines = " ".join(label.split()), list[str]()
    while rest and len(lines) < LINES:
        fitting = sum(1 for width in accumulate(map(_width, rest)) if width <= CHARACTERS)
        cut = fitting
        if fitting < len(rest):
            cut = max(rest.rfind(" ", 0, fitting + 1), 0) or fitting
            if len(lines) == LINES - 1:
                rest, cut = rest[: fitting - 1].rstrip() + "…", fitting
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return tuple(lines) or ("",)


def _width(character: str) -> float:
    """How much room a character takes, against a small letter."""
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 2.0
    if character in "mMW@":
        return 1.65
    return 1.3 if character.isupper() or character in "w%" else 1.0


@cache
def _template() -> Template:
    return environment().get_template("waterfall.svg.j2")
