"""The deals behind each step of the waterfall as data for `templates/moves.js`."""

from __future__ import annotations

from dealml.forecast.waterfall.result import Move, Movement
from dealml.page.review.waterfall_view import DRAWN, SHOWN, Anchors, behind, chances, rest_of
from dealml.page.shared import filters

Encoded = dict[str, object]


def moves_payload(movement: Movement, anchors: Anchors) -> Encoded:
    """Each step's largest moves by their place in one list of deals, and what is left beyond them as a line."""
    places: dict[int, int] = {}
    texts: dict[str, int] = {}
    deals: list[list[object]] = []

    def place(move: Move) -> int:
        if id(move) not in places:
            places[id(move)] = len(deals)
            deals.append(_encoded(move, movement.currency, anchors, texts))
        return places[id(move)]

    numbers = {"": 0} | {team: number for number, team in enumerate(sorted(movement.teams), start=1)}
    steps = {
        f"{numbers[team]}:{bar}": [[place(move) for move in moves[:SHOWN]], rest_of(moves, SHOWN, movement.currency)]
        for (team, bar), moves in behind(movement).items()
    }
    return {"deals": deals, "texts": list(texts), "behind": steps, "drawn": DRAWN}


def _encoded(move: Move, currency: str, anchors: Anchors, texts: dict[str, int]) -> list[object]:
    team, reasons = (texts.setdefault(each, len(texts)) for each in (move.team, "; ".join(move.reasons)))
    told = filters.change(move.cents, currency)
    return [anchors.get(move.deal_id, ""), move.name or move.deal_id, team, told, chances(move), reasons]
