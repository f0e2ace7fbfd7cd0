"""Score shift: how far scores move when the challenger takes over. It is reported, and no condition of the gate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.evaluation.holdout.predictions import Floats, HoldoutPredictions

QUINTILES = 5


@dataclass(frozen=True)
class ScoreShift:
    """How far scores move, over the latest held-out score of each deal or account."""

    entities: int
    mean_change: float
    """Mean absolute change of the probability."""
    share_moved: float
    """Share of the entities that change their fifth of the ranking."""


def score_shift(predictions: HoldoutPredictions, before: str, after: str) -> ScoreShift:
    """From one forecast to another, by their names in `held.probabilities`."""
    latest = ~pd.Series(predictions.rows.codes).duplicated(keep="last").to_numpy()  # rows stand in the order of time
    was, now = predictions.probabilities[before][latest], predictions.probabilities[after][latest]
    return ScoreShift(len(was), float(np.abs(now - was).mean()), float((_fifth(was) != _fifth(now)).mean()))


def _fifth(p: Floats) -> npt.NDArray[np.intp]:
    """The fifth of the ranking that each score stands in; equal scores share one."""
    middle = pd.Series(p).rank(pct=True).to_numpy() - 0.5 / len(p)
    return np.minimum((middle * QUINTILES).astype(np.intp), QUINTILES - 1)
