"""One fold: the recipe fitted on what was known before, and its forecasts of what was held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from dealml.evaluation.baselines.baselines import rival_probabilities
from dealml.evaluation.holdout.predictions import Held
from dealml.learning.fitted import FittedModel
from dealml.learning.scorecard import Scorecard
from dealml.learning.spec import Model
from dealml.learning.training import fit
from dealml.learning.training_rows import Rows


def judged(
    spec: Model,
    earlier: Rows,
    later: Rows,
    features: Sequence[str],
    word: str,
    end: datetime,
    scorecard: Scorecard | None = None,
    only: str | None = None,
) -> tuple[Held, FittedModel]:
    """Fit the recipe and all rivals on earlier rows, and let them forecast later ones.

    Parameters
    ----------
    end
        Everything in the earlier rows was on record before.
    only
        The rung to fit, whatever the ladder says.
    """
    known = alone(earlier)
    model = fit(spec, known, features, word, end, "held-out", only)
    return forecast(spec, model, known, later, scorecard), model


def forecast(spec: Model, model: FittedModel, earlier: Rows, later: Rows, scorecard: Scorecard | None = None) -> Held:
    """A model's forecasts of later rows, beside those of rivals fitted on earlier ones; at the model's horizons alone."""
    served = later.keep(np.isin(later.horizon, model.horizons))
    probabilities = {"model": model.probability(served.table())}
    return Held(served, probabilities | rival_probabilities(spec, earlier, served, model.schema, scorecard))


def alone(rows: Rows) -> Rows:
    """The rows with their own snapshots alone: which texts a feature has is part of what is learned."""
    places, place = np.unique(rows.place, return_inverse=True)
    return replace(rows, snapshots=rows.snapshots.iloc[places].reset_index(drop=True), place=place)
