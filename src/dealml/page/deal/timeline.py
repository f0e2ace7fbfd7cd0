"""A probability over the life of a deal or an account, with what happened; the markup is in `templates/life.svg.j2`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from dealml.page.shared.document import environment
from dealml.page.shared.filters import day, percent

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

TOP, HEIGHT, AXIS = 30, 200, 26
"""In pixels: of the lane in which the numbers stand, the plot, and the axis."""
APART = 5.5
"""Percent of the width between two numbers: on a phone, as much as two digits need."""
LISTED = 30
"""Events past which the list is thinned out: each number then names but a few of its own."""
MOST_DOTS = 60
"""Points past which the line has no dots: they would run into each other."""


@dataclass(frozen=True)
class Dot:
    """A probability at a moment: percent of the width, pixels from the top."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Happened:
    """Events that lie so close together that they share a number."""

    number: int
    x: float
    strokes: tuple[float, ...]
    """Where each event stands, in percent of the width."""
    listed: tuple[tuple[datetime, str], ...]
    more: int
    """How many more events there are than are listed."""


@dataclass(frozen=True)
class Life:
    """Everything the template draws."""

    title: str
    line: str
    """Points of a polyline in a square of 100 by 100."""
    dots: tuple[Dot, ...]
    last: Dot
    ticks: tuple[tuple[float, str, str], ...]
    """Of the axis of time: percent of the width, anchor of the text, date."""
    levels: tuple[tuple[float, str], ...]
    """Of the axis of probability: pixels from the top, percentage."""
    happened: tuple[Happened, ...]
    description: str
    """The picture in words."""
    thinned: str
    """That not all events are listed; empty where they are."""

    @property
    def foot(self) -> int:
        """Where the axis of time stands, in pixels."""
        return TOP + HEIGHT

    @property
    def height(self) -> int:
        """In pixels."""
        return self.foot + AXIS


def life(moments: Sequence[datetime], probability: Sequence[float], events: Sequence[tuple[datetime, str]], word: str) -> Markup:
    """Draw a probability over time, with numbers where something happened and a list of what it was.

    The style is in `templates/pictures.css`.

    Parameters
    ----------
    moments, probability
        Of each forecast, at least one.
    events
        When something happened, and what.
    word
        What is predicted: won, cancelled.

    Raises
    ------
    ValueError
        When there is no forecast, or not a probability for each moment.
    """
    from markupsafe import Markup

    return Markup(_template().module.life(placed(moments, probability, events, word)))  # type: ignore[attr-defined]


def placed(moments: Sequence[datetime], probability: Sequence[float], events: Sequence[tuple[datetime, str]], word: str) -> Life:
    """Place everything; see `life`."""
    forecasts = sorted(zip(moments, probability, strict=True))
    if not forecasts:
        raise ValueError("no forecast: there is nothing to draw")
    events = sorted(events)
    all_moments = [moment for moment, _ in forecasts] + [moment for moment, _ in events]
    first, whole = min(all_moments), max(all_moments) - min(all_moments)

    def across(moment: datetime) -> float:
        return round(100 * ((moment - first) / whole), 2) if whole else 50.0

    dots = tuple(Dot(across(moment), _down(p), percent(p)) for moment, p in forecasts)
    happened = _happened([(across(moment), moment, text) for moment, text in events])
    unlisted = sum(group.more for group in happened)
    return Life(
        title=f"Probability over time: {word}",
        line=" ".join(f"{dot.x:.2f},{100 * (1 - p):.2f}" for dot, (_, p) in zip(dots, forecasts, strict=True)),
        dots=dots if len(dots) <= MOST_DOTS else (),
        last=dots[-1],
        ticks=_ticks(first, whole),
        levels=tuple((_down(level / 4), f"{level * 25}%") for level in range(5)),
        happened=happened,
        description=_description(forecasts, len(events)),
        thinned=f"Of {len(events)} events, {len(events) - unlisted} are listed." if unlisted else "",
    )


def _down(probability: float) -> float:
    return round(TOP + HEIGHT * (1 - probability), 1)


def _ticks(first: datetime, whole: timedelta) -> tuple[tuple[float, str, str], ...]:
    if not whole:
        return ((50.0, "middle", day(first)),)
    ticks: dict[str, tuple[float, str]] = {}
    # The ends before what lies between: of equal dates the first one stays.
    for half, anchor in ((0, "start"), (2, "end"), (1, "middle")):
        ticks.setdefault(day(first + whole * half / 2), (50.0 * half, anchor))
    return tuple((x, anchor, date) for date, (x, anchor) in ticks.items())


def _happened(events: Sequence[tuple[float, datetime, str]]) -> tuple[Happened, ...]:
    """Sort events into groups that stand far enough apart for a number each."""
    groups: list[list[tuple[float, datetime, str]]] = []
    for event in events:
        if groups and event[0] - groups[-1][0][0] < APART:
            groups[-1].append(event)
        else:
            groups.append([event])
    most = len(events) if len(events) <= LISTED else max(1, LISTED // len(groups))
    return tuple(_group(number, group, most) for number, group in enumerate(groups, 1))


def _group(number: int, group: Sequence[tuple[float, datetime, str]], most: int) -> Happened:
    # "And 1 more" would take the room of the one.
    listed = len(group) if len(group) <= most + 1 else most
    texts = tuple((moment, text) for _, moment, text in group[:listed])
    return Happened(number, group[0][0], tuple(x for x, _, _ in group), texts, len(group) - listed)


def _description(forecasts: Sequence[tuple[datetime, float]], events: int) -> str:
    (begun, first), (ended, last) = forecasts[0], forecasts[-1]
    if len(forecasts) == 1:
        course = f"{percent(last)} on {day(ended)}, the only forecast"
    else:
        (bottom, lowest), (peak, highest) = (pick(forecasts, key=lambda forecast: forecast[1]) for pick in (min, max))
        course = (
            f"{len(forecasts)} forecasts: {percent(first)} on {day(begun)}, {percent(last)} on {day(ended)}; "
            f"lowest {percent(lowest)} on {day(bottom)}, highest {percent(highest)} on {day(peak)}"
        )
    marked = {0: "No event is marked", 1: "One event is marked; it is told below the picture"}
    return f"{course}. {marked.get(events, f'{events} events are marked; the list below the picture tells them')}."


@cache
def _template() -> Template:
    return environment().get_template("life.svg.j2")
