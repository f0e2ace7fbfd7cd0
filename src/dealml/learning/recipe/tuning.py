"""Tuning: settings of the trees that lower the log loss of rolling origins, found under a budget."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dealml.learning.encoding import Schema
from dealml.learning.folds import Split
from dealml.learning.ladder import best_rounds, cuts_of, difference
from dealml.learning.rungs import Floats, GrownTrees, grow_trees
from dealml.learning.spec import Model, Trees
from dealml.learning.training_rows import TrainingRows

if TYPE_CHECKING:
    from optuna import Study, Trial

SEED = 7
MOST_ROWS = 60_000
"""Settings are compared on fewer rows than the final model learns from: more trials for the same time."""

SPACE: dict[str, tuple[Any, Any, bool]] = {
    "learning_rate": (0.02, 0.15, True),
    "num_leaves": (4, 31, False),
    "max_depth": (2, 6, False),
    "min_data_in_leaf": (5, 500, True),
    "feature_fraction_bynode": (0.2, 1.0, False),
    "lambda_l2": (0.1, 100.0, True),
}
"""What is searched: lowest, highest, and whether in steps of a factor. Depth is bounded, as explaining costs its square."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class TuningResult:
    """The result of a search."""

    settings: Trees
    """The best settings, or the specification's where those found are not better by more than a standard error."""
    is_better: bool
    trials: int
    """Of this search and of those that it went on from."""
    gain: float
    """Log loss of the specification's settings minus that of the best found, on held-out rows."""
    error: float
    """The standard error of the gain, entities drawn as a whole."""


@dataclass(frozen=True)
class Trials:
    """Held-out rows on which settings are compared."""

    rows: TrainingRows
    schema: Schema
    matrix: Floats
    folds: list[Split]

    @classmethod
    def of(cls, spec: Model, rows: TrainingRows, schema: Schema, end: np.datetime64) -> Trials:
        """The folds that also decide the rung, of at most `MOST_ROWS` rows."""
        rows = rows.thinned(MOST_ROWS)
        return cls(rows, schema, rows.matrix(schema), cuts_of(spec, rows, end))

    def losses(self, settings: Trees) -> Floats:
        """The log loss of each held-out row, all folds after another, with as many trees as lower their mean most."""
        grown = [self._grown(cut, settings) for cut in self.folds]
        rounds = best_rounds([growth.losses for growth in grown], [int(cut.later.sum()) for cut in self.folds])
        return np.concatenate([self._row_losses(cut, growth, rounds) for cut, growth in zip(self.folds, grown, strict=True)])

    def _grown(self, cut: Split, settings: Trees) -> GrownTrees:
        held_out = (self.matrix[cut.later], self.rows.label[cut.later])
        return grow_trees(self.matrix[cut.earlier], self.rows.label[cut.earlier], self.schema, settings, held_out)

    def _row_losses(self, cut: Split, growth: GrownTrees, rounds: int) -> Floats:
        margin = growth.margin(self.matrix[cut.later], rounds)
        return np.asarray(np.logaddexp(0, margin) - self.rows.label[cut.later] * margin)


def tune(trials: Trials, settings: Trees, journal: Path, study: str, most: int, minutes: float, progress: Progress) -> TuningResult:
    """Search until there are `most` trials in all, or for `minutes` minutes.

    Parameters
    ----------
    settings
        Those of the specification: the first trial where they lie in the space, and what the best must beat.
    journal
        A file that keeps every trial; a search that was stopped goes on from it.
    study
        What the trials are of: trials of other data must not be mixed in.
    """
    search = _study(journal, study, settings)
    before = len(_done(search))
    if most > before:
        search.optimize(
            lambda trial: float(trials.losses(suggested(trial, settings)).mean()),
            n_trials=most - before,
            timeout=minutes * 60,
            callbacks=[lambda study, _: progress(len(_done(study)), most)],
        )
    if not _done(search):
        return TuningResult(settings, False, 0, 0.0, 0.0)
    best = replace(settings, **search.best_params)
    codes = np.concatenate([trials.rows.codes[cut.later] for cut in trials.folds])
    gain, error = difference(trials.losses(settings) - trials.losses(best), codes)
    is_better = gain > error
    return TuningResult(best if is_better else settings, is_better, len(_done(search)), gain, error)


def suggested(trial: Trial, settings: Trees) -> Trees:
    """The settings of one trial; what is not searched stays as it was."""
    chosen: dict[str, Any] = {
        name: trial.suggest_int(name, low, high, log=log) if isinstance(low, int) else trial.suggest_float(name, low, high, log=log)
        for name, (low, high, log) in SPACE.items()
    }
    return replace(settings, **chosen)


def _study(journal: Path, name: str, settings: Trees) -> Study:
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    journal.parent.mkdir(parents=True, exist_ok=True)
    sampler = optuna.samplers.TPESampler(seed=SEED)
    study = optuna.create_study(
        storage=JournalStorage(JournalFileBackend(str(journal))), study_name=name, sampler=sampler, load_if_exists=True
    )
    given = {name: getattr(settings, name) for name in SPACE}
    if not study.trials and all(low <= given[name] <= high for name, (low, high, _) in SPACE.items()):
        study.enqueue_trial(given)
    return study


def _done(study: Study) -> list[Any]:
    return [trial for trial in study.trials if trial.value is not None and math.isfinite(trial.value)]
