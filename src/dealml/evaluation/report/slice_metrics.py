"""All metrics of a slice of held-out rows with intervals, or only its size where it is too small."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from dealml.evaluation.holdout.predictions import Floats, HoldoutPredictions
from dealml.evaluation.metrics.bootstrap import Interval, interval_of, intervals, resampled
from dealml.evaluation.metrics.lift import top_measures
from dealml.evaluation.metrics.metrics import METRICS, losses
from dealml.evaluation.metrics.ranking import Vector

Measured = dict[str, dict[str, Interval]]
"""By model or rival, by metric."""

LEAST_ROWS, LEAST_OUTCOMES = 100, 10
"""Rows, and entities with and without the outcome, that a slice must have for its measures to be shown."""


@dataclass(frozen=True)
class SliceMetrics:
    """A slice of the rows: its size, and the metrics of every forecaster on it."""

    rows: int
    entities: int
    with_outcome: int
    measured: Measured = field(default_factory=dict)
    """Empty where the rows are too few to say. In a slice, rivals have values without bounds: their gain has some."""
    gain: dict[str, Interval] = field(default_factory=dict)
    """Log loss of each rival minus the model's: above 0 the model is better."""

    @property
    def withheld(self) -> bool:
        """Whether the rows are too few for metrics."""
        return not self.measured


def whole_of(predictions: HoldoutPredictions, money: Floats | None, resamples: int) -> SliceMetrics:
    """Measure all rows, however few they are.

    Parameters
    ----------
    money
        Of each row; None where the ledger has none.
    """
    return replace(_counted(predictions), measured=_measured(predictions, money, resamples, resamples), gain=_gains(predictions, resamples))


def slice_of(predictions: HoldoutPredictions, money: Floats | None, resamples: int) -> SliceMetrics:
    """Measure some of the rows, if they are enough; parameters are those of `whole_of`."""
    part = _counted(predictions)
    if part.rows < LEAST_ROWS or min(part.with_outcome, part.entities - part.with_outcome) < LEAST_OUTCOMES:
        return part
    return replace(part, measured=_measured(predictions, money, resamples, 0), gain=_gains(predictions, resamples))


def _counted(predictions: HoldoutPredictions) -> SliceMetrics:
    had, had_not = predictions.outcomes()
    return SliceMetrics(len(predictions) // predictions.repeats, had + had_not, had)


def _measured(predictions: HoldoutPredictions, money: Floats | None, resamples: int, resamples_of_rivals: int) -> Measured:
    won, weight, clusters = predictions.rows.label, predictions.weight, predictions.clusters
    reference, measured = predictions.probabilities["base_rate"], {}
    for name, p in predictions.probabilities.items():
        draws = resamples if name == "model" else resamples_of_rivals
        metrics = intervals(won, p, weight, clusters, metrics=list(METRICS), resamples=draws, reference=reference)
        measured[name] = metrics | top_measures(won, p, weight, clusters, predictions.lists, money=money, resamples=draws)
    return measured


def _gains(predictions: HoldoutPredictions, resamples: int) -> dict[str, Interval]:
    """Log loss of each rival minus the model's, all on the same resamples; a mean, so sums by account are enough."""
    weight, clusters = predictions.weight, np.unique(predictions.clusters, return_inverse=True)[1]
    model_losses = losses(predictions.rows.label, predictions.probabilities["model"])
    excess = {name: losses(predictions.rows.label, p) - model_losses for name, p in predictions.probabilities.items() if name != "model"}
    by_account = np.column_stack(
        [np.bincount(clusters, weights=weight * column) for column in (np.ones(len(model_losses)), *excess.values())]
    )

    def means(times: Vector) -> Vector:
        sums = np.asarray(times @ by_account, dtype=np.float64)
        return np.asarray(sums[1:] / sums[0])

    values, draws = means(np.ones(len(by_account))), resampled(np.arange(len(by_account)), resamples, 0, means)
    return {name: interval_of(float(value), column) for name, value, column in zip(excess, values, draws.T, strict=True)}


def number_or_none(value: float) -> float | None:
    """A number, or None where there is none: JSON knows no NaN."""
    return float(value) if np.isfinite(value) else None
