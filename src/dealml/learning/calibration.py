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
        return np.asarray(expit(self.slope * margin + self.shift), dtype=np.float64)

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
        return np.asarray(self.slope * np.where(near, ratio / (4 * cosh), far), dtype=np.float64)


def fit_calibrator(margin: Floats, won: Floats, slope: float | None = None) -> Calibrator:
    """The logistic curve of greatest likelihood, with a positive slope.

    Parameters
    ----------
    margin, won
        Log-odds and outcome (1 or 0) of each row.
    slope
        Where given, only the shift is fitted, so that the mean probability is the share of outcomes.
    """
    fixed = None if slope is None else float(np.log(slope))

    def loss(parameters: Floats) -> tuple[float, Floats]:
        factor = np.exp(parameters[0])
        z = factor * margin + parameters[1]
        error = expit(z) - won
        value = float(np.mean(np.logaddexp(0, z) - won * z))
        return value, np.array([np.mean(error * margin) * factor, np.mean(error)])

    bounds = [(-3, 3) if fixed is None else (fixed, fixed), (-10, 10)]
    optimum = minimize(loss, np.array([fixed or 0.0, 0.0]), jac=True, method="L-BFGS-B", bounds=bounds)
    return Calibrator(float(np.exp(optimum.x[0])), float(optimum.x[1]))


def slope_if_it_helps(margin: Floats, won: Floats, entities: npt.NDArray[np.intp], later: npt.NDArray[np.bool_]) -> float:
    """The slope that out-of-time rows ask for, or 1 where it does not help on later ones.

    Only the slope is taken from here: how sure a model may be of itself shows on rows that it never
    saw. The level does not: it moves from quarter to quarter, and the final model has seen more.

    Parameters
    ----------
    margin, won
        Rows that the margins were not fitted on.
    entities
        The entity of each row; rows of one are not independent.
    later
        The rows that the slope must help on, by more than one standard error of its gain in log loss.
    """
    if min(won[~later].sum(), (1 - won[~later]).sum(), won[later].sum(), (1 - won[later]).sum()) < LEAST_EVENTS:
        return 1.0
    free, plain = fit_calibrator(margin[~later], won[~later]), fit_calibrator(margin[~later], won[~later], slope=1.0)
    gain = _losses(plain, margin[later], won[later]) - _losses(free, margin[later], won[later])
    by_entity = np.bincount(np.unique(entities[later], return_inverse=True)[1], gain)
    if by_entity.sum() <= np.sqrt(len(by_entity)) * by_entity.std():
        return 1.0
    return fit_calibrator(margin, won).slope


def _losses(calibrator: Calibrator, margin: Floats, won: Floats) -> Floats:
    z = calibrator.slope * margin + calibrator.shift
    return np.asarray(np.logaddexp(0, z) - won * z)
