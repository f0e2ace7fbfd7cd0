"""What changed, as it is drawn: a step for each kind of change, and the deals behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from dealml.forecast.labels import INSPECTION_KINDS
from dealml.forecast.waterfall.reasons import before_it_began
from dealml.forecast.waterfall.result import CATEGORIES, DealToInspect, Move, Movement, PipelineWaterfall
from dealml.page.shared import filters
from dealml.page.shared.scale import Scale, scale_of

SHOWN = 25
"""Deals listed behind a step of one team; the rest is one line, and in the files of tables."""
DRAWN = 8
"""Of these, drawn ahead for a page whose script does not run."""
POINTED = 5.0
"""Percent of the width from which a step has room for an arrow head."""


@dataclass(frozen=True)
class MoveView:
    """One deal behind a step. `anchor` is the link to its row, empty where it is not in the list."""

    anchor: str
    name: str
    team: str
    amount: str
    chances: str
    reasons: str


BLANK_MOVE = MoveView("#", "", "", "", "", "")
"""The pattern from which the script makes the others."""


@dataclass(frozen=True)
class Step:
    """One kind of change: places and widths in percent of the width."""

    category: str
    title: str
    amount: str
    count: str
    is_up: bool
    start: float
    end: float
    moves: tuple[MoveView, ...]
    rest: str
    """What is not drawn ahead, as a line."""

    @property
    def x(self) -> float:
        """Left end."""
        return min(self.start, self.end)

    @property
    def width(self) -> float:
        """From end to end."""
        return round(abs(self.end - self.start), 2)

    @property
    def is_pointed(self) -> bool:
        """Whether there is room for an arrow head."""
        return self.width >= POINTED


@dataclass(frozen=True)
class WaterfallView:
    """The steps from then to now, of all teams or of one."""

    team: str
    number: int
    """0 is all teams; else the team's place in the list, from 1."""
    before: str
    after: str
    first: float
    last: float
    steps: tuple[Step, ...]
    ticks: tuple[tuple[float, str], ...]
    description: str


@dataclass(frozen=True)
class InspectView:
    """A deal to talk about."""

    anchor: str
    name: str
    sentence: str
    amount: str


@dataclass(frozen=True)
class MovementView:
    """Everything that the template draws: all teams first, then each."""

    waterfalls: tuple[WaterfallView, ...]
    to_inspect: tuple[tuple[str, tuple[InspectView, ...]], ...]
    edge: str
    """What the period's own beginning does to the steps; empty where it lies before."""


Anchors = Mapping[str, str]
"""Links of the rows that are in the list, by the deal."""
MovesByCategory = Mapping[tuple[str, str], Sequence[Move]]
"""Moves by team ("" is all) and bar, the largest first."""


def movement_view(movement: Movement, anchors: Anchors) -> MovementView:
    """Place everything."""
    moves = moves_by_category(movement)
    teams = [("", movement.total), *sorted(movement.teams.items())]
    falls = tuple(_waterfall(team, number, fall, moves, movement.currency, anchors) for number, (team, fall) in enumerate(teams))
    return MovementView(falls, tuple(_to_inspect(movement, anchors)), before_it_began(movement))


def moves_by_category(movement: Movement) -> MovesByCategory:
    """The moves of each team and bar, and of each bar in all, the largest first."""
    grouped: dict[tuple[str, str], list[Move]] = defaultdict(list)
    for move in sorted(movement.moves, key=lambda each: (-abs(each.cents), each.name, each.deal_id)):
        grouped["", move.category].append(move)
        if move.team in movement.teams and move.team:
            grouped[move.team, move.category].append(move)
    return grouped


def chances(move: Move) -> str:
    """How its chance moved, in words."""
    before = move.probability_before
    # The category of a closed deal already says how it ended.
    after = None if move.category in ("won", "lost") else move.probability_after
    if before is not None and after is not None:
        return f"chance {filters.percent(before)} → {filters.percent(after)}"
    if after is not None:
        return f"chance {filters.percent(after)}"
    return "" if before is None else f"chance was {filters.percent(before)}"


def rest_of(moves: Sequence[Move], shown: int, currency: str) -> str:
    """What is left beyond those that are shown."""
    left = moves[shown:]
    if not left:
        return ""
    total = filters.change(sum(move.cents for move in left), currency)
    return f"and {len(left):,} more {'deal' if len(left) == 1 else 'deals'}, together {total}"


def _waterfall(team: str, number: int, fall: PipelineWaterfall, moves: MovesByCategory, currency: str, anchors: Anchors) -> WaterfallView:
    categories = [category for category in CATEGORIES if fall.by_category.get(category) or moves.get((team, category))]
    levels = list(accumulate((fall.by_category.get(category, 0) for category in categories), initial=fall.before))
    scale = scale_of([level / 100 for level in levels], currency, zero=False, reach=96)
    steps = tuple(
        _step(bar, fall.by_category.get(bar, 0), (start, end), moves.get((team, bar), ()), (scale, number, anchors))
        for bar, start, end in zip(categories, levels[:-1], levels[1:], strict=True)
    )
    before, after = filters.money_of_cents(fall.before, currency), filters.money_of_cents(fall.after, currency)
    description = "; ".join((f"from {before}", *(f"{step.title} {step.amount}" for step in steps), f"to {after}"))
    first, last = scale.at(fall.before / 100), scale.at(fall.after / 100)
    return WaterfallView(team, number, before, after, first, last, steps, scale.ticks, f"{description}.")


def _step(category: str, cents: int, ends: tuple[int, int], moves: Sequence[Move], around: tuple[Scale, int, Anchors]) -> Step:
    scale, number, anchors = around
    drawn = 0 if number else DRAWN
    return Step(
        category,
        CATEGORIES[category],
        filters.change(cents, scale.currency),
        f"{len(moves):,} {'deal' if len(moves) == 1 else 'deals'}",
        cents >= 0,
        scale.at(ends[0] / 100),
        scale.at(ends[1] / 100),
        tuple(_move(move, scale.currency, anchors) for move in moves[:drawn]),
        rest_of(moves, drawn, scale.currency),
    )


def _move(move: Move, currency: str, anchors: Anchors) -> MoveView:
    return MoveView(
        anchors.get(move.deal_id, ""),
        move.name or move.deal_id,
        move.team,
        filters.change(move.cents, currency),
        chances(move),
        "; ".join(move.reasons),
    )


def _to_inspect(movement: Movement, anchors: Anchors) -> list[tuple[str, tuple[InspectView, ...]]]:
    kinds = {
        **INSPECTION_KINDS,
        **{talk.kind: talk.kind.replace("_", " ").capitalize() for talk in movement.to_inspect if talk.kind not in INSPECTION_KINDS},
    }
    grouped = ((title, [talk for talk in movement.to_inspect if talk.kind == kind]) for kind, title in kinds.items())
    return [(title, tuple(_inspect_view(talk, movement.currency, anchors) for talk in talks)) for title, talks in grouped if talks]


def _inspect_view(talk: DealToInspect, currency: str, anchors: Anchors) -> InspectView:
    return InspectView(
        anchors.get(talk.deal_id, ""), talk.name or talk.deal_id, talk.sentence, filters.money_of_cents(abs(talk.cents), currency)
    )
