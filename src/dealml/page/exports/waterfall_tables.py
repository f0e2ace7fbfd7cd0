"""The tables of what changed."""

from __future__ import annotations

from collections.abc import Iterator

from dealml.forecast.waterfall.result import CATEGORIES, Movement, PipelineWaterfall
from dealml.page.exports.table import CellValue, ExportTable, columns


def movement_tables(movement: Movement) -> Iterator[ExportTable]:
    """The waterfall of each team, the deals behind it, and those to talk about; money to the cent."""
    yield ExportTable(
        "changes",
        columns(f"team before:money {' '.join(f'{bar}:money' for bar in CATEGORIES)} after:money"),
        (_fall("", movement.total), *(_fall(team, fall) for team, fall in sorted(movement.teams.items()))),
    )
    moves = sorted(movement.moves, key=lambda each: (-abs(each.cents), each.deal_id, each.category))
    yield ExportTable(
        "changed_deals",
        columns("deal_id name team change amount:money probability_before:share probability_after:share reasons"),
        tuple(
            (
                move.deal_id,
                move.name,
                move.team,
                CATEGORIES.get(move.category, move.category),
                move.cents / 100,
                move.probability_before,
                move.probability_after,
                "; ".join(move.reasons),
            )
            for move in moves
        ),
    )
    talk = tuple((each.kind, each.deal_id, each.name, each.cents / 100, each.sentence) for each in movement.to_inspect)
    yield ExportTable("talk_about", columns("kind deal_id name amount:money why"), talk)


def _fall(team: str, fall: PipelineWaterfall) -> tuple[CellValue, ...]:
    return team or "all teams", fall.before / 100, *(fall.by_category.get(bar, 0) / 100 for bar in CATEGORIES), fall.after / 100
