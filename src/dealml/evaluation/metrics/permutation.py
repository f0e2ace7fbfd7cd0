"""Permutation importance: how much worse a model's forecasts become when some of its features are shuffled.

Source: Breiman (2001), Random Forests, Machine Learning 45, section 10, here with several features
shuffled together. Features that say the same share what they are worth: shuffling one group of them
leaves the model the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

from dealml.evaluation.holdout.predictions import Floats, clusters_of
from dealml.evaluation.metrics.bootstrap import Interval, interval_of, resampled
from dealml.evaluation.metrics.metrics import losses
from dealml.evaluation.metrics.ranking import Vector
from dealml.learning.fitted import FittedModel
from dealml.learning.training_rows import TrainingRows

REPEATS = 5
"""How often each group is shuffled; what is told is the mean."""

Group = TypeVar("Group")


def permutation_importance(
    model: FittedModel,
    rows: TrainingRows,
    groups: Mapping[Group, Sequence[str]],
    *,
    repeats: int = REPEATS,
    resamples: int = 200,
    seed: int = 0,
) -> dict[Group, Interval]:
    """Return how far the log loss rises when the features of a group are shuffled, with 95 % intervals by account.

    Parameters
    ----------
    rows
        Held-out rows, best of one horizon.
    groups
        Names of features that the model has. Those of one group move together: a row gets all of
        them from one other row.
    repeats
        How often to shuffle. Every group meets the same shuffles.
    resamples, seed
        Of the bootstrap; the shuffles start from the seed too.
    """
    matrix = model.schema.encode(rows.table())
    orders = [np.random.default_rng((seed, repeat)).permutation(len(rows)) for repeat in range(repeats)]
    unshuffled = _losses(model, matrix, rows.label)

    def rise(names: Sequence[str]) -> Floats:
        columns = [model.schema.names.index(name) for name in names]
        total = np.zeros(len(rows))
        for order in orders:
            shuffled = matrix.copy()
            shuffled[:, columns] = matrix[order][:, columns]
            total += _losses(model, shuffled, rows.label)
        return np.asarray(total / repeats - unshuffled)

    rises = np.column_stack([rise(names) for names in groups.values()])

    def means(times: Vector) -> Vector:
        return np.asarray(times @ rises / times.sum())

    draws = resampled(clusters_of(rows), resamples, seed, means)
    return {group: interval_of(float(column.mean()), drawn) for group, column, drawn in zip(groups, rises.T, draws.T, strict=True)}


def _losses(model: FittedModel, matrix: Floats, won: Floats) -> Floats:
    return losses(won, model.calibrator.probability(model.rung.margin(matrix)))
