"""A blend: the top rung, boosted trees and a logistic line, their margins weighed and added up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from dealml.learning.rungs.logistic import Logistic
from dealml.learning.rungs.rung import Floats
from dealml.learning.rungs.trees import BoostedTrees


@dataclass(frozen=True)
class Blend:
    """Weight × logistic + weight × trees: what adds up in either adds up in both."""

    line: Logistic
    boosted: BoostedTrees
    line_weight: float
    boosted_weight: float
    name: str = "lightgbm"

    @property
    def trees(self) -> str:
        """LightGBM's text."""
        return self.boosted.text

    def margin(self, matrix: Floats) -> Floats:
        """Log-odds of each row."""
        return self.line_weight * self.line.margin(matrix) + self.boosted_weight * self.boosted.margin(matrix)

    def contributions(self, matrix: Floats) -> Floats:
        """The parts of both, weighed alike."""
        return self.line_weight * self.line.contributions(matrix) + self.boosted_weight * self.boosted.contributions(matrix)

    def content(self) -> dict[str, Any]:
        """The weights and the line; the trees stand in a file of their own."""
        weights = {"line_weight": self.line_weight, "boosted_weight": self.boosted_weight}
        return {"name": self.name, "line": self.line.content()} | weights


def blend_weights(line: Floats, boosted: Floats, won: Floats) -> tuple[float, float]:
    """The weights, not negative, under which held-out margins have the greatest likelihood (stacking, Wolpert 1992).

    Parameters
    ----------
    line, boosted
        Margins of rows that neither learner was fitted on.
    won
        Their outcomes.
    """
    margins = np.column_stack([line, boosted, np.ones(len(won))])

    def loss(weights: Floats) -> tuple[float, Floats]:
        z = margins @ weights
        return float(np.mean(np.logaddexp(0, z) - won * z)), margins.T @ (expit(z) - won) / len(won)

    found = minimize(loss, np.array([0.5, 0.5, 0.0]), jac=True, method="L-BFGS-B", bounds=[(0, 2), (0, 2), (-5, 5)])
    return float(found.x[0]), float(found.x[1])
