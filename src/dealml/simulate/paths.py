"""The path of each deal, day by day: one draw of the chain for all deals at once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from dealml.simulate.clock import WORKDAYS, Array
from dealml.simulate.company import Deals
from dealml.simulate.process import GIVE_UP, REOPEN, Chain, pack, unpack

AHEAD, OPEN, LOST, OVER = range(4)


@dataclass(frozen=True)
class Paths:
    """Moves, ends and reopenings (deal and working day of each), and the states that Mondays find."""

    moved_deal: Array
    moved_day: Array
    before: Array
    after: Array
    ended_deal: Array
    ended_day: Array
    won: Array
    reopened_deal: Array
    reopened_day: Array
    seen_deal: Array
    seen_week: Array
    seen_state: Array


@dataclass
class _Log:
    """Rows gathered day by day, as tuples of equally long arrays."""

    rows: dict[str, list[tuple[Array, ...]]] = field(default_factory=dict)

    def add(self, kind: str, *columns: Array) -> None:
        self.rows.setdefault(kind, []).append(columns)

    def columns(self, kind: str) -> list[Array]:
        return [np.concatenate(parts) for parts in zip(*self.rows[kind], strict=True)]


def walk(rng: np.random.Generator, deals: Deals, chain: Chain) -> Paths:
    """Follow every deal from the working day after its creation to the end of the three years."""
    status, state, log = np.full(len(deals), AHEAD), deals.first_state.copy(), _Log()
    for day in range(WORKDAYS + 1):
        open_ = np.flatnonzero(status == OPEN)
        if day % 5 == 0:
            log.add("seen", open_, np.full(len(open_), day // 5), state[open_])
        if day == WORKDAYS:
            break
        lost = np.flatnonzero(status == LOST)
        _step_open(rng, open_, day, deals.level, state, status, chain, log)
        _step_lost(rng, lost, day, status, log)
        status[deals.created_day == day] = OPEN
    return Paths(*log.columns("moved"), *log.columns("ended"), *log.columns("reopened"), *log.columns("seen"))


def _step_open(
    rng: np.random.Generator, open_: Array, day: int, level: Array, state: Array, status: Array, chain: Chain, log: _Log
) -> None:
    at = level[open_], state[open_]
    fate = rng.random(len(open_))
    won = fate < chain.win[at]
    ends = fate < chain.win[at] + chain.lose[at]
    status[open_[ends]] = np.where(won[ends], OVER, LOST)
    log.add("ended", open_[ends], np.full(ends.sum(), day), won[ends])

    after = _move(rng, at, chain)
    moved = ~ends & (after != state[open_])
    log.add("moved", open_[moved], np.full(moved.sum(), day), state[open_[moved]], after[moved])
    state[open_[moved]] = after[moved]


def _move(rng: np.random.Generator, at: tuple[Array, Array], chain: Chain) -> Array:
    m, c, e = unpack(at[1])
    reach, champion, inform = rng.random((3, len(m)))
    m = m + (reach < chain.reach[at])
    cools = (champion >= chain.deepen[at]) & (champion < chain.deepen[at] + chain.cool[at])
    c = c + (champion < chain.deepen[at]) - cools
    return pack(m, c, e + (inform < chain.inform[at]))


def _step_lost(rng: np.random.Generator, lost: Array, day: int, status: Array, log: _Log) -> None:
    fate = rng.random(len(lost))
    back = lost[fate < REOPEN]
    status[back] = OPEN
    status[lost[(fate >= REOPEN) & (fate < REOPEN + GIVE_UP)]] = OVER
    log.add("reopened", back, np.full(len(back), day))
