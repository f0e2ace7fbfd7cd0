"""A fast linear model of all features, which measures how much a planted value adds to the AUC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dealml.leaks.binning import BinnedColumn, Flags, Floats, Ints
from dealml.leaks.inspection_sample import InspectionSample

MOST_ROWS = 20_000
STRENGTH = 50.0
"""How many rows' worth the rate of all weighs against that of one code."""
PENALTY = 10.0


@dataclass(frozen=True)
class _Half:
    """What is fitted on one half of the entities and judged on the other."""

    fitted: Floats
    won: Floats
    judged: Floats
    judged_won: Floats
    fitted_entity: Ints
    judged_entity: Ints

    @cached_property
    def gram(self) -> Floats:
        """The normal equations of the fit."""
        return np.asarray(self.fitted.T @ self.fitted + PENALTY * np.eye(self.fitted.shape[1]))

    @cached_property
    def auc(self) -> float:
        """The AUC of the features alone."""
        return auc_of(self.judged @ np.linalg.solve(self.gram, self.fitted.T @ self.won), self.judged_won)

    def auc_with(self, touched: Flags) -> float:
        """With a flag of some entities as one more feature."""
        flag = touched[self.fitted_entity].astype(np.float64)
        across = self.fitted.T @ flag
        gram = np.block([[self.gram, across[:, None]], [across[None, :], np.array([[flag.sum() + PENALTY]])]])
        weights = np.linalg.solve(gram, np.append(self.fitted.T @ self.won, flag @ self.won))
        return auc_of(self.judged @ weights[:-1] + touched[self.judged_entity] * weights[-1], self.judged_won)


@dataclass(frozen=True)
class LinearProbe:
    """Ridge regression on the features' shrunken rates, both ways between two halves of the entities."""

    halves: tuple[_Half, ...]

    @classmethod
    def of(cls, material: InspectionSample, columns: Sequence[BinnedColumn]) -> LinearProbe:
        """Fit on at most `MOST_ROWS` labelled rows."""
        chance = material.chance_by_row(4)[material.labelled_rows]
        rows = np.flatnonzero(chance < MOST_ROWS / max(len(chance), 1))
        entity, won = material.entity[material.labelled_rows[rows]], material.label[rows]
        side = material.half[entity]
        codes = [(column.codes[material.labelled_rows[rows]], column.size) for column in columns]
        return cls(tuple(_half(codes, won, entity, side == fitted) for fitted in (False, True)))

    @property
    def auc(self) -> float:
        """The AUC on entities that it was not fitted on."""
        return float(np.mean([half.auc for half in self.halves]))

    def gain(self, touched: Flags) -> float:
        """What a flag of some entities adds to the AUC."""
        return float(np.mean([half.auc_with(touched) - half.auc for half in self.halves]))


def _half(codes: list[tuple[Ints, int]], won: Floats, entity: Ints, fitted: Flags) -> _Half:
    rates = [_rates(code[fitted], won[fitted], size)[code] for code, size in codes]
    matrix = np.column_stack([np.ones(len(won)), *rates])
    return _Half(matrix[fitted], won[fitted], matrix[~fitted], won[~fitted], entity[fitted], entity[~fitted])


def _rates(code: Ints, won: Floats, size: int) -> Floats:
    mean = won.mean() if len(won) else 0.0
    rate = (np.bincount(code, won, size) + STRENGTH * mean) / (np.bincount(code, minlength=size) + STRENGTH)
    return np.asarray((rate - mean) / max(np.sqrt(mean * (1 - mean)), 1e-6))


def auc_of(score: Floats, won: Floats) -> float:
    """The area under the ROC curve; a half where one outcome is absent."""
    _, group, counts = np.unique(score, return_inverse=True, return_counts=True)
    positive = np.bincount(group, won, len(counts))
    negative = counts - positive
    pairs = positive.sum() * negative.sum()
    return float(positive @ (np.cumsum(negative) - negative / 2) / pairs) if pairs else 0.5
