"""The points of the curves that are drawn: ROC, precision-recall and cumulative gains.

Each takes labels (0 or 1), probabilities and weights, arrays (n,), and gives
one point per distinct probability, the highest first. A rate without anything
to be a rate of (one label only) is nan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dealml.evaluation.metrics.ranking import Vector, rank, weigh


@dataclass(frozen=True, eq=False)
class CurvePoints:
    """Points to be joined by a line: `x` and `y`, each (points,)."""

    x: Vector
    y: Vector


def roc(y: ArrayLike, p: ArrayLike, w: ArrayLike) -> CurvePoints:
    """False positive rate (x) and true positive rate (y) at every threshold, from (0, 0) to (1, 1)."""
    sample = weigh(rank(y, p), w)
    return CurvePoints(_running_share(sample.group_negatives), _running_share(sample.group_positives))


def precision_recall(y: ArrayLike, p: ArrayLike, w: ArrayLike) -> CurvePoints:
    """Recall (x) and precision (y) at every threshold; the first point repeats the first precision at recall 0."""
    sample = weigh(rank(y, p), w)
    weight = np.cumsum(sample.group_weights)
    present = weight > 0
    precision = np.cumsum(sample.group_positives)[present] / weight[present]
    recall = _running_share(sample.group_positives)[1:][present]
    return CurvePoints(np.r_[0.0, recall], np.r_[precision[:1], precision] if len(precision) else np.array([np.nan]))


def gains(y: ArrayLike, p: ArrayLike, w: ArrayLike) -> CurvePoints:
    """Share of deals worked, best first (x), and share of all wins among them (y), from (0, 0) to (1, 1)."""
    sample = weigh(rank(y, p), w)
    return CurvePoints(_running_share(sample.group_weights), _running_share(sample.group_positives))


def gained_at(curve: CurvePoints, share: float) -> float:
    """Share of all wins found in the best `share` (0 to 1) of deals; ties are worked in random order."""
    return float(np.interp(share, curve.x, curve.y))


def _running_share(parts: Vector) -> Vector:
    """Cumulative share of the whole, starting at 0; nan throughout where the whole is 0."""
    running = np.r_[0.0, np.cumsum(parts)]
    return running / running[-1] if running[-1] > 0 else np.full(len(running), np.nan)
