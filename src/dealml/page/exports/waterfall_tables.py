"""The tables of what changed."""

from __future__ import annotations

from collections.abc import Iterator

from dealml.forecast.waterfall.result import BARS, Movement, Waterfall
from dealml.page.exports.table import Cell, Table, columns


def movement_tables(movement: Movement) -> Iterator[Table]:
    """The waterfall of each team, the deals behind it, and those to talk about; money to the cent."""
    yield Table(
        "changes",
        columns(f"team before:money {' '.join(f'{bar}:money' for bar in BARS)} after:money"),
        (_fall("", movement.total), *(_fall(team, fall) for team, fall in sorted(movement.teams.items()))),
    )
    moves = sorted(movement.moves, key=lambda each: (-abs(each.cents), each.deal_id, each.bar))
    yield Table(
        "changed_deals",
        columns("deal_id name team change amount:money probability_before:share probability_after:share reasons"),
        tuple(
            (
                move.deal_id,
                move.name,
                move.team,
                BARS.get(move.bar, move.bar),
                move.cents / 100,
                move.probability_before,
                move.probability_after,
                "; ".join(move.reasons),
            )
            for move in moves
        ),
    )
    talk = tuple((each.kind, each.deal_id, each.name, each.cents / 100, each.sentence) for each in movement.talk)
    yield Table("talk_about", columns("kind deal_id name amount:money why"), talk)


def _fall(team: str, fall: Waterfall) -> tuple[Cell, ...]:
    return team or "all teams", fall.before / 100, *(fall.bars.get(bar, 0) / 100 for bar in BARS), fall.after / 100
