"""Training: from labelled rows to a fitted model, calibrated out of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from dealml.learning.calibration import Calibrator, fit_calibrator, slope_if_it_helps
from dealml.learning.fitted import FittedModel
from dealml.learning.matrix import Schema, schema_of
from dealml.learning.rows import Rows
from dealml.learning.rungs import Rung, fit_base_rate, fit_trees
from dealml.learning.spec import Model

LEAST_ENTITIES = 40
"""Fewer with or without the outcome, and nothing but the base rate is served."""


@dataclass(frozen=True)
class Split:
    """A cut in time: rows settled before it, and rows of other entities that begin after it."""

    at: np.datetime64
    earlier: npt.NDArray[np.bool_]
    later: npt.NDArray[np.bool_]


def split_in_time(rows: Rows, horizon: float, end: np.datetime64) -> Split:
    """Cut so that rows of a horizon have a quarter of the time, and their horizon, after it.

    The horizon counts as at most a quarter of the time too, so that there is something to learn from.
    """
    start = rows.as_of.min()
    ahead = min(np.timedelta64(int(horizon), "D"), (end - start) // 4)
    return split_at(rows, end - ahead - (end - start) // 4)


def split_at(rows: Rows, at: np.datetime64) -> Split:
    """Cut rows at a moment, with an embargo of the horizon: an earlier row was settled by then."""
    earlier = rows.resolved_at <= at
    later = rows.as_of >= at
    if rows.lives_once:
        later &= ~np.isin(rows.codes, rows.codes[earlier])
    return Split(at, earlier, later)


def moment(at: datetime) -> np.datetime64:
    """A moment as the arrays of rows hold it: UTC, in microseconds."""
    return np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "us")


def fit(spec: Model, rows: Rows, features: Sequence[str], word: str, end: datetime, ledger_digest: str) -> FittedModel:
    """Fit a model on rows: how many trees and the calibration are settled on later time, then all rows teach.

    Parameters
    ----------
    features
        The names of the features to learn from.
    end
        Everything in the rows was on record before.
    """
    schema = schema_of(rows.snapshots, features)
    rung, calibrator = _fit_rung(spec, rows.thinned(spec.trees.most_rows), schema, moment(end))
    had, had_not = rows.outcomes()
    counts = {"snapshots": len(np.unique(rows.place)), "rows": len(rows), "entities": had + had_not, "with_outcome": had}
    horizons = tuple(int(h) for h in np.unique(rows.horizon))
    main = max((h for h in horizons if h <= spec.main_horizon), default=min(horizons))
    return FittedModel(spec.name, spec.entity, word, horizons, main, end.isoformat(), ledger_digest, schema, rung, calibrator, counts)


def _fit_rung(spec: Model, rows: Rows, schema: Schema, end: np.datetime64) -> tuple[Rung, Calibrator]:
    matrix = rows.matrix(schema)
    if min(rows.outcomes()) < LEAST_ENTITIES:
        return fit_base_rate(matrix, rows.won), Calibrator()
    split = split_in_time(rows, spec.main_horizon, end)
    held_out = (matrix[split.later], rows.won[split.later])
    if min(rows.keep(split.later).outcomes()) < LEAST_ENTITIES or min(rows.keep(split.earlier).outcomes()) < LEAST_ENTITIES:
        rung, _ = fit_trees(matrix, rows.won, schema, spec.trees, rounds=spec.trees.most_trees // 4)
        return rung, Calibrator()
    trial, rounds = fit_trees(matrix[split.earlier], rows.won[split.earlier], schema, spec.trees, held_out=held_out)
    as_of = rows.as_of[split.later]
    second_half = as_of > np.sort(as_of)[len(as_of) // 2]
    slope = slope_if_it_helps(trial.margin(held_out[0]), held_out[1], rows.codes[split.later], second_half)
    rung, _ = fit_trees(matrix, rows.won, schema, spec.trees, rounds=rounds)
    return rung, Calibrator() if slope == 1.0 else fit_calibrator(rung.margin(matrix), rows.won, slope)
