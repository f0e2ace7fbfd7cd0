"""Deals whose rank on one week's list differs between two forecasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from dealml.evaluation.holdout.predictions import HoldoutPredictions
from dealml.evaluation.metrics.capacity import Capacity, worked
from dealml.evaluation.metrics.ranking import Indices, Vector


@dataclass(frozen=True, eq=False)
class RankChanges:
    """The last week's list, as two forecasts rank it."""

    at: datetime
    rows: Indices
    """Of the held-out rows, those that stand on it."""
    model_rank: Indices
    baseline_rank: Indices
    """Of each of these rows; those of equal score share the best rank."""
    onto: Indices
    """Places in `rows` of deals that the model works and the rival does not, the longest way up first."""
    off: Indices
    """Places in `rows` of deals that the rival works and the model does not, the longest way down first."""


def latest_rank_changes(predictions: HoldoutPredictions, model: Vector, baseline: Vector, capacity: Capacity) -> RankChanges:
    """Compare the lists of the last week that could be judged.

    Parameters
    ----------
    predictions
        Held-out rows of one horizon.
    model, rival : arrays (n,)
        What each side ranks by.
    """
    moments = predictions.rows.as_of
    rows = np.flatnonzero(moments == moments.max())
    one_list = np.zeros(len(rows), dtype=np.intp)
    ours, theirs = (worked(scores[rows], one_list, capacity) for scores in (model, baseline))
    model_rank, rival_rank = _ranks(model[rows]), _ranks(baseline[rows])
    way_up = rival_rank - model_rank
    entities = predictions.rows.entities[rows].astype(str)
    order = np.lexsort((entities, -np.abs(way_up)))
    onto = order[(ours - theirs)[order] >= 0.5]
    off = order[(theirs - ours)[order] >= 0.5]
    at = pd.Timestamp(moments.max(), tz="UTC").tz_convert(predictions.rows.zone).to_pydatetime()
    return RankChanges(at, rows, model_rank, rival_rank, onto, off)


def _ranks(scores: Vector) -> Indices:
    """1 for the highest score; equal scores share a rank."""
    return np.asarray(len(scores) - np.searchsorted(np.sort(scores), scores, side="right") + 1, dtype=np.intp)
