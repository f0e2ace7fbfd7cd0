"""The deals behind each step of the waterfall as data for `templates/moves.js`."""

from __future__ import annotations

from dealml.forecast.waterfall.result import Move, Movement
from dealml.page.review.waterfall_view import DRAWN, SHOWN, Anchors, chances, moves_by_category, rest_of
from dealml.page.shared import filters

Encoded = dict[str, object]


def moves_payload(movement: Movement, anchors: Anchors) -> Encoded:
    """Each step's largest moves by their place in one list of deals, and what is left beyond them as a line."""
    indices: dict[int, int] = {}
    texts: dict[str, int] = {}
    deals: list[list[object]] = []

    def index_of(move: Move) -> int:
        if id(move) not in indices:
            indices[id(move)] = len(deals)
            deals.append(_encoded(move, movement.currency, anchors, texts))
        return indices[id(move)]

    numbers = {"": 0} | {team: number for number, team in enumerate(sorted(movement.teams), start=1)}
    steps = {
        f"{numbers[team]}:{bar}": [[index_of(move) for move in moves[:SHOWN]], rest_of(moves, SHOWN, movement.currency)]
        for (team, bar), moves in moves_by_category(movement).items()
    }
    return {"deals": deals, "texts": list(texts), "steps": steps, "drawn": DRAWN}


def _encoded(move: Move, currency: str, anchors: Anchors, texts: dict[str, int]) -> list[object]:
    team, reasons = (texts.setdefault(each, len(texts)) for each in (move.team, "; ".join(move.reasons)))
    amount = filters.change(move.cents, currency)
    return [anchors.get(move.deal_id, ""), move.name or move.deal_id, team, amount, chances(move), reasons]
