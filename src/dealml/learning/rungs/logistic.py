"""Penalised logistic regression, its coefficients folded back onto the features."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from dealml.learning.matrix import Schema
from dealml.learning.rungs.base_rate import BaseRate, fit_base_rate
from dealml.learning.rungs.rung import Floats

STRENGTH = 0.1
"""Inverse of the penalty on the squared coefficients, for one row an entity."""
LEAST_ROWS = 10
"""A category, or a missing value, seen in fewer rows has no coefficient of its own."""


@dataclass(frozen=True)
class Column:
    """One column of the design: a number, whether a value is missing, or whether a text is of one category."""

    place: int
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
    """A line in the log-odds: the base rate of the horizon, and each feature's part."""

    intercept: float
    base: BaseRate
    base_weight: float
    columns: tuple[Column, ...]
    name: str = "logistic"
    trees: None = None

    def margin(self, matrix: Floats) -> Floats:
        """Log-odds of each row."""
        margin = self.intercept + self.base_weight * self.base.margin(matrix)
        for column in self.columns:
            margin += column.weight * column.scaled(matrix[:, column.place])
        return margin

    def contributions(self, matrix: Floats) -> Floats:
        """Each feature's part against its mean in training: exact, as nothing interacts."""
        parts = self.base.contributions(matrix) * self.base_weight
        parts[:, -1] += self.intercept
        for column in self.columns:
            parts[:, column.place] += column.weight * column.scaled(matrix[:, column.place])
        return parts

    def content(self) -> dict[str, Any]:
        """All coefficients."""
        return {
            "name": self.name,
            "intercept": self.intercept,
            "base": self.base.content(),
            "base_weight": self.base_weight,
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
    design = np.column_stack([usual, *(column.scaled(matrix[:, column.place]) for column in columns)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a fit that stops early still predicts; held-out time judges it
        fit = LogisticRegression(C=STRENGTH * entities / len(won), solver="newton-cholesky").fit(design, won)
    base_weight, *weights = fit.coef_[0].tolist()
    weighed = tuple(replace(column, weight=weight) for column, weight in zip(columns, weights, strict=True))
    return Logistic(float(fit.intercept_[0]), base, max(base_weight, 0.0), weighed)


def _columns(matrix: Floats, schema: Schema) -> Iterator[Column]:
    """The design of a training matrix; a column that does not vary is left out."""
    for place, field in enumerate(schema.fields[:-1]):
        values = matrix[:, place]
        gone = np.isnan(values)
        found = [Column(place, "missing", np.nan)] if gone.sum() >= LEAST_ROWS else []
        if field.is_text:
            codes, counts = np.unique(values[~gone], return_counts=True)
            found += [Column(place, "category", code) for code in codes[counts >= LEAST_ROWS].tolist()]
        elif not gone.all():
            found.append(Column(place, "number", float(np.median(values[~gone]))))
        for column in found:
            raw = column.raw(values)
            # A category keeps its scale: shrunken by how rare it is, as a penalty ought to.
            scale = float(raw.std()) if column.kind == "number" else 1.0
            if np.ptp(raw) > 0:
                yield replace(column, at=0.0 if column.kind == "missing" else column.at, mean=float(raw.mean()), scale=scale)
