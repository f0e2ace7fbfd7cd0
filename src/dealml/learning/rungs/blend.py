"""A blend: the top rung, boosted trees and a logistic line, the log-odds of both weighed and added up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

from dealml.learning.rungs.boosted_trees import BoostedTrees
from dealml.learning.rungs.logistic import Logistic
from dealml.learning.rungs.rung import Floats

TOWARDS_HALF = 10.0
"""How strongly the share is drawn to a half: the penalty in nats, all entities together, is this times (share − ½)²."""


@dataclass(frozen=True)
class Blend:
    """The weighed mean of a line's and of the trees' log-odds: what adds up in either adds up in both."""

    line: Logistic
    boosted: BoostedTrees
    share: float
    """Of the trees, 0 to 1."""
    name: str = "lightgbm"

    @property
    def trees(self) -> str:
        """LightGBM's text."""
        return self.boosted.text

    def margin(self, matrix: Floats) -> Floats:
        """Log-odds of each row."""
        return blended(self.line.margin(matrix), self.boosted.margin(matrix), self.share)

    def contributions(self, matrix: Floats) -> Floats:
        """The parts of both, weighed alike."""
        return blended(self.line.contributions(matrix), self.boosted.contributions(matrix), self.share)

    def content(self) -> dict[str, Any]:
        """The share, the line and the trees' start; the trees stand in a file of their own."""
        start = self.boosted.base.content() | {"horizon_in_base": self.boosted.horizon_in_base}
        return {"name": self.name, "share": self.share, "line": self.line.content(), "start": start}


def blended(line: Floats, boosted: Floats, share: float) -> Floats:
    """(1 − share) × line + share × trees."""
    return np.asarray((1 - share) * line + share * boosted)


def best_share(line: Floats, boosted: Floats, won: Floats, entities: int) -> float:
    """The trees' share under which held-out margins have the greatest likelihood (stacking, Wolpert 1992).

    Only the share is taken from there: folds learn from less than the final model does, so they
    would have it less sure of itself than it may be.

    Parameters
    ----------
    line, boosted
        Margins of rows that neither learner was fitted on.
    won
        Their outcomes.
    entities
        How many entities the rows are of: with few of them the share stays near a half.
    """

    def loss(share: float) -> float:
        margin = blended(line, boosted, share)
        return float(np.mean(np.logaddexp(0, margin) - won * margin)) + TOWARDS_HALF / entities * (share - 0.5) ** 2

    return float(minimize_scalar(loss, bounds=(0, 1), method="bounded", options={"xatol": 1e-3}).x)
