"""Shrunken rates: how each stage and segment did against the base rate, drawn towards it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from dealml.learning.rungs.base_rate import BaseRate, fit_base_rate
from dealml.learning.rungs.rung import Floats

STRENGTH = 20.0
"""How many entities' worth the base rate weighs against the record of one stage or segment."""


@dataclass(frozen=True)
class ShrunkenRates:
    """The base rate's margin, moved by what stage and segment are worth."""

    base: BaseRate
    moves: tuple[tuple[int, tuple[float, ...]], ...]
    """The place of each text feature, and the log-odds that each of its categories adds."""
    name: str = "shrunken_rates"
    trees: None = None

    def margin(self, matrix: Floats) -> Floats:
        """Log-odds of each row."""
        return np.asarray(self.base.margin(matrix) + sum(_moved(matrix, index, by) for index, by in self.moves))

    def contributions(self, matrix: Floats) -> Floats:
        """Those of the base rate, and each text's own move."""
        parts = self.base.contributions(matrix)
        for index, by in self.moves:
            parts[:, index] += _moved(matrix, index, by)
        return parts

    def content(self) -> dict[str, Any]:
        """The base rate and the moves."""
        return {"name": self.name, "base": self.base.content(), "moves": [[index, list(by)] for index, by in self.moves]}


def fit_shrunken_rates(
    matrix: Floats, won: Floats, entities: npt.NDArray[np.intp], texts: Mapping[int, int], strength: float = STRENGTH
) -> ShrunkenRates:
    """Fit the moves of one text feature after the other, each given those before it.

    Parameters
    ----------
    matrix, won
        Training rows.
    entities
        The entity of each row: many rows of few entities are little evidence.
    texts
        Text features such as stage and segment: the place of each, and its number of categories.
    """
    base = fit_base_rate(matrix, won)
    margin, moves = base.margin(matrix), []
    for index, count in texts.items():
        codes = matrix[:, index]
        by = tuple(_move(margin[at], won[at], len(np.unique(entities[at])), strength) for at in (codes == code for code in range(count)))
        moves.append((index, by))
        margin = margin + _moved(matrix, index, by)
    return ShrunkenRates(base, tuple(moves))


def _move(margin: Floats, won: Floats, entities: int, strength: float) -> float:
    """Observed against expected odds, both with `strength` entities' worth of what was expected added."""
    if not len(won):
        return 0.0
    expected, observed = float(expit(margin).mean()), float(won.mean())
    shrunken = (entities * observed + strength * expected) / (entities + strength)
    return float(logit(np.clip(shrunken, 1e-6, 1 - 1e-6)) - logit(np.clip(expected, 1e-6, 1 - 1e-6)))


def _moved(matrix: Floats, index: int, by: tuple[float, ...]) -> Floats:
    """What each row's category adds; a missing or unseen one adds nothing."""
    codes = matrix[:, index]
    has_category = ~np.isnan(codes)
    moved = np.zeros(len(matrix))
    moved[has_category] = np.array(by)[codes[has_category].astype(np.intp)]
    return moved
