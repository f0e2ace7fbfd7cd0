"""The figures of a training run, and those of a backtest."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from dealml.evaluation.figures.beeswarm import beeswarm
from dealml.evaluation.figures.contributions_by_segment import group_contributions
from dealml.evaluation.figures.dependence import dependence
from dealml.evaluation.figures.figure import DrawnFigure
from dealml.evaluation.figures.performance import (
    calibration_curve,
    intervals_by_part,
    lift_curve,
    precision_recall_curve,
    roc_curve,
    top_curve,
)
from dealml.evaluation.holdout.predictions import HoldoutPredictions
from dealml.evaluation.metrics.lift import Lists
from dealml.evaluation.metrics.ranking import Vector
from dealml.evaluation.report.amounts import Amounts
from dealml.evaluation.report.evaluate import Evaluation
from dealml.evaluation.report.slices import by_text, texts_of
from dealml.learning.fitted import FittedModel
from dealml.learning.training_rows import TrainingRows

EXPLAINING = ("beeswarm", "contributions_by_segment", "dependence")
"""Names of the pictures that tell what moves a model."""
MOST_POINTS = 2_000
MOST_SEGMENTS = 6
"""Segments with a panel of their own; the rarer ones share one."""
WORKED_SHARES = np.linspace(0, 1, 51)
"""Of each list, at which the curve of the top is drawn."""


def training_figures(model: FittedModel, evaluation: Evaluation, subjects: Mapping[str, str], segment: str = "") -> list[DrawnFigure]:
    """Draw held-out performance, and what moves the model on the same rows.

    Parameters
    ----------
    model
        The model that is served.
    evaluation
        Of the same recipe on held-out time.
    subjects
        What each of the model's features is about.
    segment
        The text feature by which the rows are compared; without it, or where the rows lack it, they are not.
    """
    predictions = evaluation.predictions
    pictures = [
        *_curves(predictions, model.outcome_name),
        lift_curve(predictions.rows.label, predictions.probabilities["model"], predictions.weight, event=model.outcome_name),
    ]
    if len(model.schema.names) > 1:
        pictures += _explained(model, predictions.rows, subjects, segment)
    return pictures


def _explained(model: FittedModel, rows: TrainingRows, subjects: Mapping[str, str], segment: str) -> list[DrawnFigure]:
    """What moves the model; the horizon, which is the same in every row, is left out."""
    step = max(1, len(rows) // MOST_POINTS)
    matrix, fields = rows.matrix(model.schema)[::step], model.schema.fields[:-1]
    values, parts = matrix[:, :-1], model.rung.contributions(matrix)[:, :-2]
    names = [field.name for field in fields]
    segments = by_text(texts_of(rows, segment)[::step], MOST_SEGMENTS) if segment in rows.snapshots else {}
    pictures = [beeswarm(parts, values, names), group_contributions(parts, [subjects[name] for name in names], segments)]
    # A model that says the same of every row depends on nothing.
    return [*pictures, dependence(parts, values, fields)] if parts.any() else pictures


def backtest_figures(evaluation: Evaluation) -> list[DrawnFigure]:
    """Draw calibration, ROC, precision and recall, the top of the lists, and the log loss fold by fold."""
    rival = best_baseline(evaluation)
    pictures = [*_curves(evaluation.predictions, evaluation.outcome), _top(evaluation, rival)]
    for kind in ("origin", "repeat"):
        if kind in evaluation.slices:
            shown = {part: measured.measured for part, measured in evaluation.slices[kind].items() if not measured.withheld}
            losses = {
                _called(who): {part: measured[who]["log_loss"] for part, measured in shown.items()}
                for who in dict.fromkeys(("model", rival, "base_rate"))
            }
            pictures.append(intervals_by_part(f"Log loss by {kind}: lower is better", kind, "log loss", losses))
    return pictures


def best_baseline(evaluation: Evaluation) -> str:
    """The baseline with the lowest log loss."""
    losses = {who: measured["log_loss"].value for who, measured in evaluation.overall.items() if who != "model"}
    return min(losses, key=lambda who: losses[who])


def _curves(predictions: HoldoutPredictions, event: str) -> list[DrawnFigure]:
    rows = (predictions.rows.label, predictions.probabilities["model"], predictions.weight)
    calibration = calibration_curve(*rows, event=event, clusters=predictions.clusters)
    return [calibration, roc_curve(*rows, event=event), precision_recall_curve(*rows, event=event)]


def _top(evaluation: Evaluation, rival: str) -> DrawnFigure:
    predictions, money = evaluation.predictions, evaluation.amounts
    caught = {
        f"{evaluation.outcome}, by the model": _caught(predictions, "model", None),
        f"{evaluation.outcome}, by {_called(rival)}": _caught(predictions, rival, None),
    }
    if money is not None:
        caught[f"money {evaluation.outcome}, by the model"] = _caught(predictions, "model", money)
    return top_curve(WORKED_SHARES, caught)


def _caught(predictions: HoldoutPredictions, who: str, amounts: Amounts | None) -> Vector:
    gain = predictions.rows.label if amounts is None else predictions.rows.label * amounts.counted
    return Lists.of(predictions.probabilities[who], predictions.lists).caught(gain[:, None], predictions.weight, WORKED_SHARES)[:, 0]


def _called(who: str) -> str:
    return "model" if who == "model" else who.replace("_", " ")
