"""Calibration: a monotone map from a margin to the probability that is served.

A logistic curve on the margin (Platt 1999): p = 1 / (1 + exp(−(slope × margin + shift))), slope > 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

Floats = npt.NDArray[np.float64]

LEAST_EVENTS = 40


@dataclass(frozen=True)
class Calibrator:
    """The served probability as a function of the margin (log-odds)."""

    slope: float = 1.0
    shift: float = 0.0

    def probability(self, margin: Floats) -> Floats:
        """g(margin), in [0, 1]."""
        return expit(self.slope * margin + self.shift)

    def mean_slope(self, start: Floats | float, end: Floats) -> Floats:
        """(g(end) − g(start)) / (end − start), which is g′ where the two meet.

        Written with sinh so that nothing cancels: for logistic g with u, v the halves of its
        argument, g(end) − g(start) = sinh(v − u) / (2 cosh(u) cosh(v)).
        """
        u = (self.slope * np.asarray(start, dtype=np.float64) + self.shift) / 2
        v = (self.slope * end + self.shift) / 2
        gap = v - u
        # Beyond 20 the hyperbolic form would overflow at last; there nothing cancels and the plain quotient is exact.
        near = np.abs(gap) < 20
        safe = np.where(near, gap, 0.0)
        ratio = np.where(np.abs(safe) < 1e-4, 1 + safe * safe / 6, np.sinh(safe) / np.where(safe == 0, 1.0, safe))
        cosh = np.cosh(np.clip(u, -300, 300)) * np.cosh(np.clip(v, -300, 300))
        far = (expit(2 * v) - expit(2 * u)) / np.where(near, 1.0, 2 * gap)
        return self.slope * np.where(near, ratio / (4 * cosh), far)


def fit_calibrator(margin: Floats, won: Floats, weight: Floats) -> Calibrator:
    """The logistic curve of greatest likelihood, with a positive slope."""

    def loss(parameters: Floats) -> tuple[float, Floats]:
        slope = np.exp(parameters[0])
        z = slope * margin + parameters[1]
        error = weight * (expit(z) - won)
        value = float(np.sum(weight * (np.logaddexp(0, z) - won * z)))
        return value, np.array([np.sum(error * margin) * slope, np.sum(error)])

    found = minimize(loss, np.zeros(2), jac=True, method="L-BFGS-B", bounds=[(-3, 3), (-10, 10)])
    return Calibrator(float(np.exp(found.x[0])), float(found.x[1]))


def calibrator_if_it_helps(margin: Floats, won: Floats, weight: Floats, later: npt.NDArray[np.bool_]) -> Calibrator:
    """A calibrator, if one fitted on the earlier part lowers the log loss on the later part.

    Parameters
    ----------
    margin, won, weight
        Rows that the margins were not fitted on.
    later
        Which of them are the later part.
    """
    if min(won[~later].sum(), (1 - won[~later]).sum(), won[later].sum(), (1 - won[later]).sum()) < LEAST_EVENTS:
        return Calibrator()
    trial = fit_calibrator(margin[~later], won[~later], weight[~later])
    if _log_loss(trial, margin[later], won[later], weight[later]) >= _log_loss(Calibrator(), margin[later], won[later], weight[later]):
        return Calibrator()
    return fit_calibrator(margin, won, weight)


def _log_loss(calibrator: Calibrator, margin: Floats, won: Floats, weight: Floats) -> float:
    z = calibrator.slope * margin + calibrator.shift
    return float(np.sum(weight * (np.logaddexp(0, z) - won * z)) / np.sum(weight))
