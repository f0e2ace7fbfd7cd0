"""Backtests: a recipe fitted afresh at each of several origins, and tested on the time after it.

Where the source has no dates there is no next: there it is repeated stratified cross-validation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from dealml.errors import ModelError
from dealml.evaluation.holdout.fold import fit_and_predict
from dealml.evaluation.holdout.predictions import HoldoutPredictions, pooled, weekly
from dealml.learning.fitted import FittedModel
from dealml.learning.folds import origins, stratified
from dealml.learning.scorecard import Scorecard
from dealml.learning.spec import Model
from dealml.learning.training_rows import TrainingRows
from dealml.moments import as_utc64

ORIGINS = 6
"""The fewest that a backtest is asked for."""
PARTS, REPEATS = 5, 3
"""Of a cross-validation."""


@dataclass(frozen=True)
class HoldoutFold:
    """Training rows, and the weekly held-out rows of other entities."""

    name: str
    """The date of the cut, or which part was drawn."""
    at: datetime
    """Everything in the earlier rows was on record before."""
    earlier: TrainingRows
    later: TrainingRows


@dataclass(frozen=True)
class Origin:
    """What was fitted in a fold, from how much, and on how much it was judged."""

    name: str
    rung: str
    learned_entities: int
    learned_with_outcome: int
    test_rows: int
    """At all horizons."""
    test_entities: int


@dataclass(frozen=True)
class Backtest:
    """The held-out rows of all folds with their forecasts, and what was fitted in each."""

    predictions: HoldoutPredictions
    origins: tuple[Origin, ...]
    model: FittedModel
    """The one that was fitted last."""


def backtest(
    spec: Model,
    rows: TrainingRows,
    features: Sequence[str],
    word: str,
    end: datetime,
    count: int = ORIGINS,
    scorecard: Scorecard | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
    only: str | None = None,
) -> Backtest:
    """Fit a recipe in each fold, and predict the fold's held-out rows.

    Parameters
    ----------
    features, word, end
        As for `learning.training.fit`.
    count
        How many origins; there are fewer where outcomes came too close together to tell them apart.
    only
        The rung to fit in each fold, whatever the ladder says.

    Raises
    ------
    ModelError
        When no fold has anything to learn from and to be judged on.
    """
    origins_fitted, parts = [], []
    cuts = list(folds(spec, rows, end, count))
    for done, fold in enumerate(cuts):
        progress(done, len(cuts))
        predictions, model = fit_and_predict(spec, fold.earlier, fold.later, features, word, fold.at, scorecard, only)
        parts.append(replace(predictions, fold=np.full(len(predictions), fold.name.partition(",")[0], dtype=object)))
        origins_fitted.append(_origin(fold, predictions, model.rung.name))
    progress(len(cuts), len(cuts))
    if not parts or min(pooled(parts).rows.outcomes()) < 1:
        raise ModelError(f"{spec.name}: too few outcomes to hold any out in a backtest; import more history")
    whole = pooled(parts, REPEATS if rows.cross_section else 1)
    return Backtest(replace(whole, rung=_counted([origin.rung for origin in origins_fitted])), tuple(origins_fitted), model)


def folds(spec: Model, rows: TrainingRows, end: datetime, count: int = ORIGINS) -> Iterator[HoldoutFold]:
    """Rolling origins, each judged on what came into play until the next; in a cross-section parts drawn by lot.

    A fold that has nothing to learn from, or nothing to be judged on, is left out.
    """
    if not min(rows.outcomes()):
        return
    if rows.cross_section:
        splits = list(stratified(rows, PARTS, REPEATS))
    else:
        splits = origins(rows, spec.main_horizon, as_utc64(end), count, followed=True)
    days = [split.name[:10] for split in splits]
    for split in splits:
        is_date = split.at is not None and days.count(split.name[:10]) == 1
        earlier, later = rows.keep(split.earlier), weekly(rows.keep(split.later))
        if len(earlier) and min(earlier.outcomes()) and np.isin(later.horizon, earlier.horizon).any():
            yield HoldoutFold(split.name[:10] if is_date else split.name, end if split.at is None else split.moment, earlier, later)


def _origin(fold: HoldoutFold, predictions: HoldoutPredictions, rung: str) -> Origin:
    had, had_not = fold.earlier.outcomes()
    return Origin(fold.name, rung, had + had_not, had, len(predictions), sum(predictions.rows.outcomes()))


def _counted(rungs: Sequence[str]) -> str:
    counts = Counter(rungs)
    return ", ".join(f"{rung} ({count})" if len(counts) > 1 else rung for rung, count in counts.most_common())
