"""The chain behind every deal: how it progresses, and when it is won or lost.

A deal's state is what a salesperson could tell: decision milestones reached
(0 to 5), the champion's depth (0 to 4) and whether an executive is aware. Once
per working day it may be won, be lost, or move, at rates that depend on the
state and on the deal's index: how well its scenario fits, in log-hazard
units. The index is cut into levels so that the truth can be computed exactly.
Nothing depends on the date or on the deal's age.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dealml.simulate.clock import Array

MILESTONES = 6
DEPTHS = 5
AWARENESS = 2
STATES = MILESTONES * DEPTHS * AWARENESS

LEVELS = 161
LEVEL_STEP = 0.03
"""Width of a level of the index; 161 of them reach from -2.4 to 2.4."""

REOPEN = 0.0010
"""Chance per working day that a lost deal, not given up yet, is reopened as it was."""
GIVE_UP = 0.0200
"""Chance per working day that a lost deal is given up for good."""


@dataclass(frozen=True)
class Chain:
    """Chances per working day, each an array of levels by states.

    `win` and `lose` end the deal; of the others several may happen on one day:
    `reach` the next milestone, `deepen` or `cool` the champion by one, `inform`
    an executive.
    """

    win: Array
    lose: Array
    reach: Array
    deepen: Array
    cool: Array
    inform: Array


def pack(milestones: Array, depth: Array, aware: Array) -> Array:
    """The number of a state."""
    return (milestones * DEPTHS + depth) * AWARENESS + aware


def unpack(state: Array) -> tuple[Array, Array, Array]:
    """Milestones reached, champion depth and executive awareness of a state."""
    return state // (DEPTHS * AWARENESS), state // AWARENESS % DEPTHS, state % AWARENESS


def level_of(index: Array) -> Array:
    """The level nearest to an index."""
    nearest = np.rint(index / LEVEL_STEP) + LEVELS // 2
    return np.asarray(np.clip(nearest, 0, LEVELS - 1), dtype=int)


def index_of(level: Array) -> Array:
    """The index that all deals of a level share."""
    return (level - LEVELS // 2) * LEVEL_STEP


def chain() -> Chain:
    """The one chain that all deals follow."""
    m, c, e = unpack(np.arange(STATES))
    s = index_of(np.arange(LEVELS))[:, None]
    win = np.exp(-10.25 + 0.93 * m + 0.36 * c + 0.45 * e + 0.65 * s)
    lose = np.exp(-4.10 + 0.08 * m - 0.20 * c - 0.25 * e - 0.55 * s)
    either = win + lose
    ends = -np.expm1(-either)
    return Chain(
        win=ends * win / either,
        lose=ends * lose / either,
        reach=_chance(-3.60 + 0.20 * c + 0.15 * e + 0.25 * s) * (m < MILESTONES - 1),
        deepen=_chance(-3.50 - 0.20 * c + 0.10 * e + 0.25 * s) * (c < DEPTHS - 1),
        cool=_chance(-6.00 - 0.30 * s) * (c > 0),
        inform=_chance(-4.60 + 0.30 * c + 0.10 * m + 0.15 * s) * (e == 0),
    )


def moves(chain: Chain) -> Array:
    """Chances to pass from state to state in a day without ending: levels by states by states."""
    kernel = np.zeros((LEVELS, STATES, STATES))
    here = np.arange(STATES)
    m, c, e = unpack(here)
    stays = 1 - chain.win - chain.lose
    for dm, pm in ((0, 1 - chain.reach), (1, chain.reach)):
        for dc, pc in ((0, 1 - chain.deepen - chain.cool), (1, chain.deepen), (-1, chain.cool)):
            for de, pe in ((0, 1 - chain.inform), (1, chain.inform)):
                there = pack(
                    np.minimum(m + dm, MILESTONES - 1),
                    np.clip(c + dc, 0, DEPTHS - 1),
                    np.minimum(e + de, AWARENESS - 1),
                )
                kernel[:, here, there] += stays * pm * pc * pe
    return kernel


def _chance(log_rate: Array) -> Array:
    return -np.expm1(-np.exp(log_rate))
