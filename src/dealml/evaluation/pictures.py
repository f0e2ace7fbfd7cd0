"""The pictures of a training run: calibration, ROC, precision-recall, lift and SHAP beeswarm."""

from __future__ import annotations

import numpy as np

from dealml.evaluation.beeswarm import beeswarm
from dealml.evaluation.evaluate import Evaluation
from dealml.evaluation.figures import calibration_curve, lift_curve, precision_recall_curve, roc_curve
from dealml.evaluation.picture import Picture
from dealml.learning.fitted import FittedModel

MOST_POINTS = 2_000


def pictures_of(model: FittedModel, evaluation: Evaluation) -> list[Picture]:
    """Draw held-out performance, and what moves the model on the same rows.

    Parameters
    ----------
    model
        The model that is served.
    evaluation
        Of the same recipe on held-out time.
    """
    held = evaluation.held
    won, p, weight = held.rows.won, held.probabilities["model"], np.ones(len(held.rows))
    pictures = [draw(won, p, weight, event=model.word) for draw in (calibration_curve, roc_curve, precision_recall_curve, lift_curve)]
    if len(model.schema.names) > 1:
        step = max(1, len(held.rows) // MOST_POINTS)
        matrix = held.rows.matrix(model.schema)[::step]
        pictures.append(beeswarm(model.rung.contributions(matrix)[:, :-2], matrix[:, :-1], model.schema.names[:-1]))
    return pictures
