"""Follow leads through their days: every strong touch, answer, call and change of phase, by working days since the creation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dealml.simulate.clock import Array
from dealml.simulate.leads.chain import (
    COLD,
    DISQUALIFIED,
    LATE,
    NEW,
    QUALIFIED,
    QUICK,
    LeadChain,
    after,
    level_of,
    pack,
    unpack,
)

LAST_DAY = 260
"""Working days, a year, after which a lead that is still open is cleaned up; from then on nothing becomes of it."""
STRONG_START = ("Inbound", "Event")
"""Sources whose leads come in by a strong touch: a form, or the event itself."""
AT_ONCE = 0.30
"""Share of leads that are answered on the day of their creation."""
CALLS = 0.025
"""Chance per working day that we call or write to an open lead that was answered before."""


@dataclass(frozen=True)
class Walks:
    """What happened to leads, `lead` being a position and `day` working days since the creation.

    `converted` is the day of the conversion, -1 where there is none. `events` has `lead`, `day` and `what` (touch, answer, call,
    qualified, disqualified, recycled). `seen` has `lead`, `day` and the `state` that each day left an open lead in.
    """

    level: Array
    converted: Array
    events: pd.DataFrame
    seen: pd.DataFrame


def walk_leads(rng: np.random.Generator, index: Array, source: Array, chain: LeadChain) -> Walks:
    """Let leads of an index and a source live by the chain, until they convert or `LAST_DAY` is over."""
    level, who = level_of(index), np.arange(len(index))
    strong, quick = np.isin(source.astype(str), STRONG_START), rng.random(len(who)) < AT_ONCE
    state = pack(np.where(strong, 0, COLD), strong.astype(int), np.where(quick, QUICK, 0), np.full(len(who), NEW))
    converted = np.full(len(who), -1)
    log = _Log()
    log.add("touch", who[strong], 0)
    log.add("answer", who[quick], 0)
    log.see(who, 0, state)
    for day in range(1, LAST_DAY + 1):
        at = level[who], state
        draw = rng.random((4, len(who)))
        won = draw[0] < chain.convert[at]
        converted[who[won]] = day
        who, draw, chances = who[~won], draw[:, ~won], [part[at][~won] for part in (chain.convert, chain.drop, chain.qualify)]
        state = _next(log, day, who, state[~won], draw, chances, (chain.touch[at][~won], chain.answer[at][~won]))
        log.see(who, day, state)
    log.add("disqualified", who[unpack(state)[3] != DISQUALIFIED], LAST_DAY)
    return Walks(level, converted, log.events(), log.seen())


def _next(log: _Log, day: int, who: Array, state: Array, draw: Array, chances: list[Array], acts: tuple[Array, Array]) -> Array:
    """The states after a day on which none of these leads was converted; what happened goes to the log."""
    _, _, answer, phase = unpack(state)
    convert, drop, qualify = chances
    dropped = (draw[0] >= convert) & (draw[0] < convert + drop)
    qualified = (draw[0] >= convert + drop) & (draw[0] < convert + drop + qualify)
    touched, answered = draw[1] < acts[0], draw[2] < acts[1]
    recycled = touched & (phase == DISQUALIFIED)
    called = (draw[3] < CALLS) & (answer > LATE) & (phase != DISQUALIFIED)
    happened = {"touch": touched, "answer": answered, "call": called, "qualified": qualified, "disqualified": dropped, "recycled": recycled}
    for what, flags in happened.items():
        log.add(what, who[flags], day)
    phase = np.where(recycled, NEW, np.where(qualified, QUALIFIED, np.where(dropped, DISQUALIFIED, phase)))
    return after(state, phase, touched, answered)


class _Log:
    """What was noted on the way, day by day."""

    def __init__(self) -> None:
        self._events: list[tuple[Array, int, str]] = []
        self._seen: list[tuple[Array, int, Array]] = []

    def add(self, what: str, who: Array, day: int) -> None:
        """These leads did, or got, something."""
        if len(who):
            self._events.append((who, day, what))

    def see(self, who: Array, day: int, state: Array) -> None:
        """The states in which a day leaves leads; those of open ones are kept."""
        open_ = unpack(state)[3] != DISQUALIFIED
        self._seen.append((who[open_], day, state[open_]))

    def events(self) -> pd.DataFrame:
        """All events, as `Walks` has them."""
        lead, day = _long([(who, day) for who, day, _ in self._events])
        what = np.repeat(np.array([name for _, _, name in self._events], dtype=object), [len(who) for who, _, _ in self._events])
        return pd.DataFrame({"lead": lead, "day": day, "what": what})

    def seen(self) -> pd.DataFrame:
        """All states of open leads, as `Walks` has them."""
        lead, day = _long([(who, day) for who, day, _ in self._seen])
        return pd.DataFrame({"lead": lead, "day": day, "state": np.concatenate([state for _, _, state in self._seen])})


def _long(parts: list[tuple[Array, int]]) -> tuple[Array, Array]:
    lead = np.concatenate([np.zeros(0, dtype=int), *(who for who, _ in parts)])
    return lead, np.repeat(np.array([day for _, day in parts], dtype=int), [len(who) for who, _ in parts])
