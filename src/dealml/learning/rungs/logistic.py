"""Penalised logistic regression, its coefficients folded back onto the features."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from dealml.learning.encoding import Schema
from dealml.learning.rungs.base_rate import BaseRate, fit_base_rate
from dealml.learning.rungs.rung import Floats

STRENGTH = 0.1
"""Inverse of the penalty on the squared coefficients, for one row an entity."""
LEAST_ROWS = 10
"""A category, or a missing value, seen in fewer rows has no coefficient of its own."""


@dataclass(frozen=True)
class DesignColumn:
    """One column of the design: a number, whether a value is missing, or whether a text is of one category."""

    feature_index: int
    """Of its feature in the matrix."""
    kind: Literal["number", "missing", "category"]
    at: float
    """What stands in for a missing number; the category's code."""
    mean: float = 0.0
    scale: float = 1.0
    weight: float = 0.0
    """Log-odds for a step of `scale`."""

    def raw(self, values: Floats) -> Floats:
        """The column before it is centred and scaled."""
        if self.kind == "missing":
            return np.isnan(values).astype(np.float64)
        if self.kind == "category":
            return np.equal(values, self.at).astype(np.float64)
        return signed_log(np.where(np.isnan(values), self.at, values))

    def scaled(self, values: Floats) -> Floats:
        """The column as the coefficient meets it; 0 is the mean of training."""
        return np.asarray((self.raw(values) - self.mean) / self.scale)


@dataclass(frozen=True)
class Logistic:
    """A line in the log-odds: each feature's part, and the base rate of the horizon, which counts the less the more they say.

    With z the sum of the features' parts: intercept + scale · z + max(base_weight + fade · z, 0) · base rate. How a deal
    looks today says much of the next weeks and less of the next half-year; since the base rate's factor is not negative,
    the margin never falls as the horizon grows.
    """

    intercept: float
    base: BaseRate
    base_weight: float
    columns: tuple[DesignColumn, ...]
    scale: float = 1.0
    fade: float = 0.0
    name: str = "logistic"
    trees: None = None

    def margin(self, matrix: Floats) -> Floats:
        """Log-odds of each row."""
        score = self._score(matrix)
        return np.asarray(self.intercept + self.scale * score + self._factor(score) * self.base.margin(matrix))

    def contributions(self, matrix: Floats) -> Floats:
        """Each feature's part against its mean in training.

        The sum of the features' parts moves the margin along a straight path, on which each gets its share of it
        (Aumann and Shapley 1974); the base rate's own part is what it is with features at their means.
        """
        score, base = self._score(matrix), self.base.margin(matrix)
        # Where the base rate's factor would be negative it is 0, and the score moved it by less than `fade` says.
        is_cut = self.base_weight + self.fade * score < 0
        faded = np.where(is_cut, -self.base_weight / np.where(is_cut, score, 1.0), self.fade)
        slope = self.scale + faded * base
        parts = self.base.contributions(matrix) * self.base_weight
        parts[:, -1] += self.intercept
        for column in self.columns:
            parts[:, column.feature_index] += slope * column.weight * column.scaled(matrix[:, column.feature_index])
        return parts

    def _score(self, matrix: Floats) -> Floats:
        score = np.zeros(len(matrix))
        for column in self.columns:
            score += column.weight * column.scaled(matrix[:, column.feature_index])
        return score

    def _factor(self, score: Floats) -> Floats:
        return np.maximum(self.base_weight + self.fade * score, 0.0)

    def content(self) -> dict[str, Any]:
        """All coefficients."""
        return {
            "name": self.name,
            "intercept": self.intercept,
            "base": self.base.content(),
            "base_weight": self.base_weight,
            "scale": self.scale,
            "fade": self.fade,
            "columns": [vars(column) for column in self.columns],
        }


def signed_log(values: Floats) -> Floats:
    """Sign(x) · log(1 + |x|): counts and durations have long tails, and one deal must not set the scale."""
    return np.asarray(np.sign(values) * np.log1p(np.abs(values)))


def fit_logistic(matrix: Floats, won: Floats, schema: Schema, entities: int) -> Logistic:
    """Fit on training rows.

    The horizon enters by its base rate alone, with a coefficient that is not negative, so that the
    margin never falls as the horizon grows.

    Parameters
    ----------
    matrix, won
        Training rows, encoded by `schema`.
    entities
        How many entities the rows are of: the penalty is that of one row each, as many rows of few
        entities are little evidence.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    base = fit_base_rate(matrix, won)
    columns = list(_columns(matrix, schema))
    usual = base.margin(matrix)
    design = np.column_stack([usual, *(column.scaled(matrix[:, column.feature_index]) for column in columns)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a fit that stops early still predicts; held-out time judges it
        fit = LogisticRegression(C=STRENGTH * entities / len(won), solver="newton-cholesky").fit(design, won)
    base_weight, *weights = fit.coef_[0].tolist()
    weighed = tuple(replace(column, weight=weight) for column, weight in zip(columns, weights, strict=True))
    return _faded(Logistic(float(fit.intercept_[0]), base, max(base_weight, 0.0), weighed), matrix, usual, won)


def _faded(line: Logistic, matrix: Floats, usual: Floats, won: Floats) -> Logistic:
    """The line with what its features say less of longer horizons: three numbers of greatest likelihood.

    How much they say on the whole stays as the penalty left it.
    """
    score = line._score(matrix)
    if not np.ptp(usual) or not np.ptp(score):
        return line
    away = usual - usual.mean()

    def loss(parameters: Floats) -> tuple[float, Floats]:
        z = parameters[0] + parameters[1] * usual + score * (1 + parameters[2] * away)
        error = expit(z) - won
        gradient = [np.mean(error), np.mean(error * usual), np.mean(error * score * away)]
        return float(np.mean(np.logaddexp(0, z) - won * z)), np.array(gradient)

    start = np.array([line.intercept, line.base_weight, 0.0])
    intercept, base_weight, fade = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=[(None, None), (0, None), (None, None)]
    ).x.tolist()
    return replace(line, intercept=intercept, base_weight=base_weight, scale=1 - fade * float(usual.mean()), fade=fade)


def _columns(matrix: Floats, schema: Schema) -> Iterator[DesignColumn]:
    """The design of a training matrix; a column that does not vary is left out."""
    for index, field in enumerate(schema.fields[:-1]):
        values = matrix[:, index]
        gone = np.isnan(values)
        candidates = [DesignColumn(index, "missing", np.nan)] if gone.sum() >= LEAST_ROWS else []
        if field.is_text:
            codes, counts = np.unique(values[~gone], return_counts=True)
            candidates += [DesignColumn(index, "category", code) for code in codes[counts >= LEAST_ROWS].tolist()]
        elif not gone.all():
            candidates.append(DesignColumn(index, "number", float(np.median(values[~gone]))))
        for column in candidates:
            raw = column.raw(values)
            # A category keeps its scale: shrunken by how rare it is, as a penalty ought to.
            scale = float(raw.std()) if column.kind == "number" else 1.0
            if np.ptp(raw) > 0:
                yield replace(column, at=0.0 if column.kind == "missing" else column.at, mean=float(raw.mean()), scale=scale)
