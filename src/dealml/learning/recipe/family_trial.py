"""Whether a model uses its families of features, where it leaves that to held-out time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dealml.learning.encoding import Schema, schema_of
from dealml.learning.ladder import (
    LADDER,
    LEARNERS,
    Choice,
    FoldMargins,
    choose,
    cuts_of,
    difference,
    fitted_folds,
    losses_of,
    pooled_margins,
)
from dealml.learning.rungs import Floats
from dealml.learning.spec import AUTO, Model
from dealml.learning.training_rows import TrainingRows

ORIGINS = 2
"""How many of the last origins decide; each costs a fit of every rung with families."""


@dataclass(frozen=True)
class FamilyTrial:
    """How a model did with and without its families on the same held-out rows."""

    used: bool
    log_loss: float | None = None
    """With families; None where nothing was compared."""
    without: float | None = None
    error: float | None = None
    """The standard error of the difference, entities drawn as a whole."""
    origins: int = 0

    @property
    def sentence(self) -> str:
        """The trial in one line."""
        if self.log_loss is None or self.without is None or self.error is None:
            return "families: left out, as a rate has no use for them"
        losses = f"log loss {self.log_loss:.4f} with them against {self.without:.4f} (standard error {self.error:.4f})"
        return f"families: {'used' if self.used else 'left out'}, {losses} at {self.origins} {'origin' if self.origins == 1 else 'origins'}"


@dataclass(frozen=True)
class ChosenRecipe:
    """The columns to learn from, the same of all training rows as numbers, and the rung."""

    schema: Schema
    matrix: Floats
    choice: Choice
    trial: FamilyTrial | None = None
    """None where the model itself says whether it uses families, or has none."""


def recipe_of(spec: Model, rows: TrainingRows, features: Sequence[str], end: np.datetime64, only: str | None = None) -> ChosenRecipe:
    """Choose columns and rung on rolling origins: families only where they win by more than one standard error.

    Parameters
    ----------
    features
        The names of the features to learn from, those of families among them.
    only
        The rung to fit, whatever held-out time says.
    """
    visible = rows.families.visible(features, end)
    plain = rows.families.left_out(visible) if spec.families == AUTO else visible
    without = _recipe(spec, rows, plain, end, only)
    if len(plain) == len(visible):
        return without
    if without.choice.rung not in LADDER[-LEARNERS:] or not without.choice.folds:
        return ChosenRecipe(without.schema, without.matrix, without.choice, FamilyTrial(used=False))
    schema = schema_of(rows.snapshots, visible)
    matrix = rows.matrix(schema)
    folds = fitted_folds(spec, rows, schema, matrix, cuts_of(spec, rows, end)[-ORIGINS:])
    trial = _trial(rows, without, folds, matrix)
    if not trial.used:
        return ChosenRecipe(without.schema, without.matrix, without.choice, trial)
    return ChosenRecipe(schema, matrix, choose(spec, rows, schema, matrix, end, only, folds), trial)


def _recipe(spec: Model, rows: TrainingRows, features: Sequence[str], end: np.datetime64, only: str | None) -> ChosenRecipe:
    schema = schema_of(rows.snapshots, features)
    matrix = rows.matrix(schema)
    return ChosenRecipe(schema, matrix, choose(spec, rows, schema, matrix, end, only))


def _trial(rows: TrainingRows, without: ChosenRecipe, folds: Sequence[FoldMargins], matrix: Floats) -> FamilyTrial:
    """Both sides at the rung chosen without families, each at the number of trees and the share that suit it."""
    mine, theirs = pooled_margins(without.choice.folds[-len(folds) :], rows, without.matrix), pooled_margins(folds, rows, matrix)
    won, codes = rows.label[mine.later], rows.codes[mine.later]
    plain, rich = (losses_of(side.margins[without.choice.rung], won) for side in (mine, theirs))
    gap, error = difference(rich - plain, codes)
    return FamilyTrial(bool(gap < -error), float(rich.mean()), float(plain.mean()), error, len(folds))
