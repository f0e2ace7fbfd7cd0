"""One fold: fit the recipe on rows known before the cut, and predict the held-out rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from dealml.evaluation.baselines.baselines import baseline_probabilities
from dealml.evaluation.holdout.predictions import HoldoutPredictions
from dealml.learning.fitted import FittedModel
from dealml.learning.scorecard import Scorecard
from dealml.learning.spec import Model
from dealml.learning.training import fit
from dealml.learning.training_rows import TrainingRows


def fit_and_predict(
    spec: Model,
    earlier: TrainingRows,
    later: TrainingRows,
    features: Sequence[str],
    word: str,
    end: datetime,
    scorecard: Scorecard | None = None,
    only: str | None = None,
) -> tuple[HoldoutPredictions, FittedModel]:
    """Fit the recipe and all baselines on earlier rows, and predict later rows with each.

    Parameters
    ----------
    end
        Everything in the earlier rows was on record before.
    only
        The rung to fit, whatever the ladder says.
    """
    training_rows = with_own_snapshots_only(earlier)
    model = fit(spec, training_rows, features, word, end, "held-out", only)
    return predict_holdout(spec, model, training_rows, later, scorecard), model


def predict_holdout(
    spec: Model, model: FittedModel, earlier: TrainingRows, later: TrainingRows, scorecard: Scorecard | None = None
) -> HoldoutPredictions:
    """Predict later rows with a model and with baselines fitted on earlier rows, at the model's horizons alone."""
    served = later.keep(np.isin(later.horizon, model.horizons))
    probabilities = {"model": model.probability(served.table())}
    return HoldoutPredictions(served, probabilities | baseline_probabilities(spec, earlier, served, model.schema, scorecard))


def with_own_snapshots_only(rows: TrainingRows) -> TrainingRows:
    """The rows with their own snapshots alone: which texts a feature has is part of what is learned."""
    indices, snapshot_index = np.unique(rows.snapshot_index, return_inverse=True)
    return replace(rows, snapshots=rows.snapshots.iloc[indices].reset_index(drop=True), snapshot_index=snapshot_index)
