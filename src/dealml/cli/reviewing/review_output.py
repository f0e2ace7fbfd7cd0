"""What `dealml review --from --to` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dealml.cli.output import say, say_table

if TYPE_CHECKING:
    from dealml.forecast.waterfall.result import Movement, PipelineWaterfall


def tell_movement(found: Movement) -> None:
    """Print the waterfall, in total and of each team, and the deals to talk about first."""
    from dealml.forecast.labels import INSPECTION_KINDS
    from dealml.forecast.waterfall.reasons import before_it_began
    from dealml.forecast.waterfall.result import CATEGORIES

    say(f"expected of {found.period.name} in {found.currency}: {found.start:%Y-%m-%d} to {found.end:%Y-%m-%d}")
    falls = {"all": found.total} | {team or "no team": fall for team, fall in found.teams.items()}
    counts = {bar: len({move.deal_id for move in found.moves if move.category == bar}) for bar in CATEGORIES}
    rows: list[list[object]] = [["then", "", *(_money(fall.before) for fall in falls.values())]]
    rows += [
        [title, counts[bar] or "", *(_money(fall.by_category.get(bar, 0), signed=True) for fall in falls.values())]
        for bar, title in CATEGORIES.items()
        if any(fall.by_category.get(bar) for fall in falls.values())
    ]
    rows.append(["now", "", *(_money(fall.after) for fall in falls.values())])
    say_table(("", "deals", *falls), rows)
    if told := before_it_began(found):
        say(told)
    if found.to_inspect:
        say()
        talk = [[INSPECTION_KINDS[one.kind], _money(one.cents), one.deal_id, one.name, one.sentence] for one in found.to_inspect]
        say_table(("to talk about first", "in question", "deal", "name", "why"), talk)


def as_json(found: Movement) -> dict[str, Any]:
    """All of it as plain values; money in hundredths of the currency."""
    return vars(found) | {
        "period": found.period.name,
        "total": _plain(found.total),
        "teams": {team: _plain(fall) for team, fall in found.teams.items()},
        "moves": [vars(move) for move in found.moves],
        "to_inspect": [vars(deal) for deal in found.to_inspect],
    }


def _plain(fall: PipelineWaterfall) -> dict[str, Any]:
    return {"before": fall.before, "after": fall.after, "by_category": dict(fall.by_category)}


def _money(cents: int, signed: bool = False) -> str:
    """To the cent, so that a reader can add it up, here or in a spreadsheet."""
    return f"{cents / 100:{'+' if signed and cents else ''},.2f}"
