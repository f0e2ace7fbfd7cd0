"""The ladder: which learner (rung) a history has enough outcomes for, decided on held-out later time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.learning.calibration import slope_if_it_helps
from dealml.learning.encoding import Schema
from dealml.learning.folds import Split, splits
from dealml.learning.rungs import (
    Blend,
    Floats,
    GrownTrees,
    Logistic,
    Rung,
    best_share,
    blended,
    fit_base_rate,
    fit_logistic,
    fit_shrunken_rates,
    fit_trees,
    grow_trees,
)
from dealml.learning.spec import Model
from dealml.learning.training_rows import TrainingRows

LADDER = ("base_rate", "shrunken_rates", "logistic", "lightgbm")
"""From the simplest on."""
LEARNERS = 2
"""How many of them, the last, learn from all features."""

MIN_ENTITIES = 40
"""Fewer with or without the outcome, and nothing but the base rate is served."""

MIN_TRAINING_ENTITIES, MIN_HOLDOUT_ENTITIES = 20, 20
"""Entities with and without the outcome that a fold must learn from, and that all folds together must be judged on."""

ORIGINS, PARTS = 3, 5
"""How many folds decide: origins in time, parts drawn by lot where there is no time."""

MAX_LOGISTIC_ROWS = 40_000
"""A line needs no more rows than this; trees do."""


@dataclass(frozen=True)
class Tried:
    """The log loss of one rung on held-out rows."""

    rung: str
    log_loss: float
    behind: float
    """Its log loss minus that of the best rung."""
    error: float
    """The standard error of that difference, entities drawn as a whole."""


@dataclass(frozen=True)
class FoldMargins:
    """The margins of one fold's held-out rows."""

    later: npt.NDArray[np.intp]
    margins: dict[str, Floats]
    growth: GrownTrees = field(repr=False)


@dataclass(frozen=True)
class Choice:
    """The chosen rung, and its settings that were chosen on held-out rows."""

    rung: str = "base_rate"
    rounds: int = 0
    share: float = 0.0
    """Of the trees in the top rung."""
    slope: float = 1.0
    """Of the calibrator."""
    tried: tuple[Tried, ...] = ()
    """Empty where too little could be held out to try any."""
    folds: tuple[FoldMargins, ...] = field(default=(), repr=False, compare=False)
    """What it was chosen on."""


@dataclass(frozen=True)
class PooledMargins:
    """The margins of every rung on the held-out rows of some folds, the top one at the number of trees and the share that suit them."""

    later: npt.NDArray[np.intp]
    margins: dict[str, Floats]
    rounds: int
    share: float


def choose(
    spec: Model,
    rows: TrainingRows,
    schema: Schema,
    matrix: Floats,
    end: np.datetime64,
    only: str | None = None,
    last: Sequence[FoldMargins] = (),
) -> Choice:
    """Choose the learner (its rung of the ladder) on rolling origins.

    It is the simplest rate model whose log loss is within one standard error of the best. If none is, it is the
    better of logistic regression and the blend with LightGBM.

    Parameters
    ----------
    only
        Take this rung, whatever the others do, and however little there is to try it on.
    last
        The last folds, where they were fitted before.

    Notes
    -----
    The rule of one standard error: Breiman et al. (1984), Classification and Regression Trees. Between the
    line and the top rung it does not hold: the top rung contains the line, and goes from it no farther than
    its share of the trees, so it is no leap.
    """
    if only == "base_rate" or (only is None and min(rows.outcomes()) < MIN_ENTITIES):
        return Choice()
    cuts = cuts_of(spec, rows, end)
    folds = (*fitted_folds(spec, rows, schema, matrix, cuts[: len(cuts) - len(last)]), *last)
    if not folds or min(_outcomes(rows, folds)) < MIN_HOLDOUT_ENTITIES:
        return Choice(only, spec.trees.num_boost_round // 4, share=0.5) if only else Choice()
    pooled = pooled_margins(folds, rows, matrix)
    won, codes = rows.label[pooled.later], rows.codes[pooled.later]
    tried = _compared(pooled.margins, won, codes)
    rung = only or _earned(tried)
    slope = slope_if_it_helps(pooled.margins[rung], won, codes, _second_half(rows.as_of[pooled.later]))
    return Choice(rung, pooled.rounds, pooled.share, slope, tried, folds)


def cuts_of(spec: Model, rows: TrainingRows, end: np.datetime64) -> list[Split]:
    """The origins that decide, or the parts where there is no time, as far as they can teach."""
    return [cut for cut in splits(rows, spec.main_horizon, end, PARTS if rows.cross_section else ORIGINS) if can_teach(rows, cut)]


def fitted_folds(spec: Model, rows: TrainingRows, schema: Schema, matrix: Floats, cuts: Sequence[Split]) -> tuple[FoldMargins, ...]:
    """Every rung, fitted before each cut, on the rows after it."""
    return tuple(_fold(spec, rows, schema, matrix, cut) for cut in cuts)


def pooled_margins(folds: Sequence[FoldMargins], rows: TrainingRows, matrix: Floats) -> PooledMargins:
    """The margins of the rows of all folds together."""
    later = np.concatenate([fold.later for fold in folds])
    rounds = best_rounds([fold.growth.losses for fold in folds], [len(fold.later) for fold in folds])
    trees = np.concatenate([fold.growth.margin(matrix[fold.later], rounds) for fold in folds])
    margins = {name: np.concatenate([fold.margins[name] for fold in folds]) for name in LADDER[:-1]}
    share = best_share(margins["logistic"], trees, rows.label[later], len(np.unique(rows.codes[later])))
    return PooledMargins(later, margins | {"lightgbm": blended(margins["logistic"], trees, share)}, rounds, share)


def _earned(tried: Sequence[Tried]) -> str:
    rates, learners = tried[:-LEARNERS], tried[-LEARNERS:]
    return next((t.rung for t in rates if t.behind <= t.error), min(learners, key=lambda t: t.log_loss).rung)


def fit_rung(choice: Choice, spec: Model, rows: TrainingRows, schema: Schema, matrix: Floats) -> Rung:
    """Fit the chosen rung on all rows."""
    if choice.rung == "base_rate":
        return fit_base_rate(matrix, rows.label)
    if choice.rung == "shrunken_rates":
        return fit_shrunken_rates(matrix, rows.label, rows.codes, _rated(spec, schema))
    line = _line(matrix, rows.label, rows.codes, schema)
    if choice.rung == "logistic":
        return line
    trees = fit_trees(matrix, rows.label, schema, spec.trees, choice.rounds)
    return Blend(line, trees, choice.share)


def _fold(spec: Model, rows: TrainingRows, schema: Schema, matrix: Floats, cut: Split) -> FoldMargins:
    earlier, later = np.flatnonzero(cut.earlier), np.flatnonzero(cut.later)
    training_matrix, won, codes = _as_of(cut, rows, schema, matrix[earlier]), rows.label[earlier], rows.codes[earlier]
    rungs: dict[str, Rung] = {
        "base_rate": fit_base_rate(training_matrix, won),
        "shrunken_rates": fit_shrunken_rates(training_matrix, won, codes, _rated(spec, schema)),
        "logistic": _line(training_matrix, won, codes, schema),
    }
    growth = grow_trees(training_matrix, won, schema, spec.trees, (matrix[later], rows.label[later]))
    return FoldMargins(later, {name: rung.margin(matrix[later]) for name, rung in rungs.items()}, growth)


def _as_of(cut: Split, rows: TrainingRows, schema: Schema, matrix: Floats) -> Floats:
    """A copy of training rows without the features of values that were not frequent yet at the cut: no rung learns from an empty column."""
    if cut.at is not None:
        visible = set(rows.families.visible(schema.names, cut.at))
        matrix[:, [index for index, name in enumerate(schema.names) if name not in visible]] = np.nan
    return matrix


def can_teach(rows: TrainingRows, cut: Split) -> bool:
    """Whether a fold has enough training entities with and without the outcome, and any held-out rows."""
    return bool(cut.later.any()) and min(rows.keep(cut.earlier).outcomes()) >= MIN_TRAINING_ENTITIES


def _rated(spec: Model, schema: Schema) -> dict[int, int]:
    """The texts whose rates are a rung, stage and segment: their places and numbers of categories."""
    named = (spec.stage, spec.shown.segment)
    return {index: len(field.categories) for index, field in enumerate(schema.fields) if field.categories and field.name in named}


def _line(matrix: Floats, won: Floats, codes: npt.NDArray[np.intp], schema: Schema) -> Logistic:
    step = -(-len(won) // MAX_LOGISTIC_ROWS)
    return fit_logistic(matrix[::step], won[::step], schema, len(np.unique(codes[::step])))


def _outcomes(rows: TrainingRows, folds: Sequence[FoldMargins]) -> tuple[int, int]:
    which = np.zeros(len(rows), dtype=np.bool_)
    which[np.concatenate([fold.later for fold in folds])] = True
    return rows.keep(which).outcomes()


def best_rounds(losses: Sequence[Floats], rows: Sequence[int]) -> int:
    """How many trees lower the log loss of all folds' rows most; a fold that stopped early stays where it stopped."""
    longest = max(len(fold) for fold in losses)
    padded = [np.pad(fold, (0, longest - len(fold)), mode="edge") for fold in losses]
    return int(np.argmin(np.average(padded, axis=0, weights=rows))) + 1


def _compared(margins: dict[str, Floats], won: Floats, codes: npt.NDArray[np.intp]) -> tuple[Tried, ...]:
    losses = {name: losses_of(margin, won) for name, margin in margins.items()}
    best = losses[min(LADDER, key=lambda name: float(losses[name].mean()))]
    return tuple(Tried(name, float(losses[name].mean()), *difference(losses[name] - best, codes)) for name in LADDER)


def losses_of(margin: Floats, won: Floats) -> Floats:
    """The log loss of each row by its margin."""
    return np.asarray(np.logaddexp(0, margin) - won * margin)


def difference(gap: Floats, codes: npt.NDArray[np.intp]) -> tuple[float, float]:
    """The mean of a difference over rows, and its standard error where rows come in entities."""
    mean = float(gap.mean())
    by_entity = pd.Series(gap - mean).groupby(codes).sum().to_numpy()
    return mean, float(np.sqrt((by_entity**2).sum()) / len(gap))


def _second_half(as_of: npt.NDArray[np.datetime64]) -> npt.NDArray[np.bool_]:
    return np.asarray(as_of > np.sort(as_of)[len(as_of) // 2])
