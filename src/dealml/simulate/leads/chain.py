"""The chain behind every lead: when it touches us, how we answer, and when it is qualified, converted or disqualified.

A lead's state is what its records tell: working days since its last strong touch (a reply, a form, an event) and how many there were in
this warm spell, how long it waited for our first answer, and its phase. Once per working day it may be converted, be qualified or
disqualified, touch us, or be answered, at rates that depend on the state and on the lead's index: how well it fits, in log-hazard units.
Mails that it opens and pages that it views are no part of the state: they say nothing of its future. The index is cut into levels, so
that the truth can be computed exactly. Nothing depends on the date or on the lead's age.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dealml.simulate.clock import Array

COLD = 22
"""Working days, about 30 days, after which the last strong touch is forgotten."""
SPELL = 2
"""Strong touches of one warm spell that count; more count as these."""
WARMTHS = COLD * SPELL + 1
"""A warm state for each of the days and counts, and the cold one, which is the last."""

LATE = 5
"""Days that a lead waits for an answer before it counts as answered late; `0 … LATE` are the states of waiting."""
QUICK, FAIR, SLOW = LATE + 1, LATE + 2, LATE + 3
"""Answered within a working day, within a week, later."""
ANSWERS = SLOW + 1

NEW, QUALIFIED, DISQUALIFIED = 0, 1, 2
PHASES = 3
STATES = WARMTHS * ANSWERS * PHASES

LEVELS = 41
LEVEL_STEP = 0.1
"""Width of a level of the index; 41 of them reach from -2 to 2."""


@dataclass(frozen=True)
class LeadChain:
    """Chances per working day, each an array of levels by states.

    `convert` and `drop` end a phase, `qualify` moves on to the next; at most one of the three happens on a day. `touch` is a strong
    touch, which also recycles a disqualified lead; `answer` is our first answer. Both may happen on the day of a move.
    """

    convert: Array
    drop: Array
    qualify: Array
    touch: Array
    answer: Array


def pack(days: Array, spell: Array, answer: Array, phase: Array) -> Array:
    """The number of a state; without a strong touch in the last `COLD` days, `days` is `COLD`."""
    warmth = np.where(days >= COLD, WARMTHS - 1, days * SPELL + spell - 1)
    return np.asarray((warmth * ANSWERS + answer) * PHASES + phase)


def unpack(state: Array) -> tuple[Array, Array, Array, Array]:
    """Days since the last strong touch, touches in the spell (0 when cold), answer and phase of a state."""
    warmth = state // (ANSWERS * PHASES)
    cold = warmth == WARMTHS - 1
    return warmth // SPELL, np.where(cold, 0, warmth % SPELL + 1), state // PHASES % ANSWERS, state % PHASES


def level_of(index: Array) -> Array:
    """The level nearest to an index."""
    return np.asarray(np.clip(np.rint(index / LEVEL_STEP) + LEVELS // 2, 0, LEVELS - 1), dtype=int)


def lead_chain() -> LeadChain:
    """The one chain that all leads follow."""
    days, spell, answer, phase = unpack(np.arange(STATES))
    index = ((np.arange(LEVELS) - LEVELS // 2) * LEVEL_STEP)[:, None]
    hot, warm = days < WEEK, (days >= WEEK) & (days < COLD)
    speed = 0.45 * ((answer == QUICK) * 1.0 - (answer == SLOW))
    open_ = phase != DISQUALIFIED
    convert = np.exp(-4.25 + index + 1.2 * hot + 0.6 * warm + 0.4 * (spell == SPELL) + speed) * (phase == QUALIFIED)
    qualify = np.exp(-3.3 + 0.4 * index + 0.8 * hot + 0.4 * warm + speed) * ((phase == NEW) & (answer > LATE))
    drop = np.exp(-4.4 - 0.5 * index + 0.7 * (days == COLD)) * open_
    moves = convert + qualify + drop
    moved = -np.expm1(-moves) / np.maximum(moves, 1e-300)
    touch = np.where(open_, np.exp(-3.7 + 0.2 * index + 1.3 * hot + 0.6 * warm), np.exp(-7.0 + 0.2 * index))
    waiting = np.where(answer == 0, 0.45, np.where(answer <= LATE, 0.25, 0.0)) * open_
    return LeadChain(
        convert * moved, drop * moved, qualify * moved, -np.expm1(-touch), np.broadcast_to(waiting, index.shape[:1] + waiting.shape)
    )


WEEK = 5
"""Working days in which a strong touch counts most."""


def after(state: Array, phase: Array, touched: Array, answered: Array) -> Array:
    """The state that a day leaves behind: the phase of its end, and whether there was a strong touch and our first answer."""
    days, spell, answer, before = unpack(state)
    spell = np.where(touched, np.minimum(spell + 1, SPELL), spell)
    days = np.where(touched, 0, np.minimum(days + 1, COLD))
    waits = (answer <= LATE) & (before != DISQUALIFIED)
    given = np.where(answer == 0, QUICK, np.where(answer < LATE, FAIR, SLOW))
    answer = np.where(waits, np.where(answered, given, np.minimum(answer + 1, LATE)), answer)
    return pack(days, spell, answer, phase)
