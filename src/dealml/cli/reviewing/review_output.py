"""What `dealml review` prints of what changed since the last review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dealml.cli.output import say, say_table

if TYPE_CHECKING:
    from dealml.forecast.waterfall.result import Movement, PipelineWaterfall


def say_movement(movement: Movement) -> None:
    """Print the waterfall, in total and of each team, and the deals to talk about first."""
    from dealml.forecast.labels import INSPECTION_KINDS
    from dealml.forecast.waterfall.reasons import before_it_began
    from dealml.forecast.waterfall.result import CATEGORIES

    say(f"expected of {movement.period.name} in {movement.currency}: {movement.start:%Y-%m-%d} to {movement.end:%Y-%m-%d}")
    falls = {"all": movement.total} | {team or "no team": fall for team, fall in movement.teams.items()}
    counts = {bar: len({move.deal_id for move in movement.moves if move.category == bar}) for bar in CATEGORIES}
    rows: list[list[object]] = [["then", "", *(_money(fall.before) for fall in falls.values())]]
    rows += [
        [title, counts[bar] or "", *(_money(fall.by_category.get(bar, 0), signed=True) for fall in falls.values())]
        for bar, title in CATEGORIES.items()
        if any(fall.by_category.get(bar) for fall in falls.values())
    ]
    rows.append(["now", "", *(_money(fall.after) for fall in falls.values())])
    say_table(("", "deals", *falls), rows)
    if note := before_it_began(movement):
        say(note)
    if movement.to_inspect:
        say()
        talk = [[INSPECTION_KINDS[deal.kind], _money(deal.cents), deal.deal_id, deal.name, deal.sentence] for deal in movement.to_inspect]
        say_table(("to talk about first", "in question", "deal", "name", "why"), talk)


def movement_json(movement: Movement) -> dict[str, Any]:
    """All of it as plain values; money in hundredths of the currency."""
    return vars(movement) | {
        "period": movement.period.name,
        "total": _plain(movement.total),
        "teams": {team: _plain(fall) for team, fall in movement.teams.items()},
        "moves": [vars(move) for move in movement.moves],
        "to_inspect": [vars(deal) for deal in movement.to_inspect],
    }


def _plain(fall: PipelineWaterfall) -> dict[str, Any]:
    return {"before": fall.before, "after": fall.after, "by_category": dict(fall.by_category)}


def _money(cents: int, signed: bool = False) -> str:
    """To the cent, so that a reader can add it up, here or in a spreadsheet."""
    return f"{cents / 100:{'+' if signed and cents else ''},.2f}"
