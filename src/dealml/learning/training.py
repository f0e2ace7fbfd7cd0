"""Training: from labelled rows to a fitted model, calibrated out of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import numpy as np

from dealml.learning.calibration import Calibrator, fit_calibrator
from dealml.learning.fitted import FittedModel
from dealml.learning.ladder import fit_rung
from dealml.learning.recipe.family_trial import recipe_of
from dealml.learning.spec import Model
from dealml.learning.training_rows import TrainingRows
from dealml.moments import as_utc64


def fit(
    spec: Model, rows: TrainingRows, features: Sequence[str], word: str, end: datetime, ledger_digest: str, only: str | None = None
) -> FittedModel:
    """Fit a model on rows: which rung, how many trees and how sure are settled on later time, then all rows teach.

    Parameters
    ----------
    features
        The names of the features to learn from.
    end
        Everything in the rows was on record before.
    only
        The rung to fit, whatever held-out time says.
    """
    taught = rows.thinned(spec.trees.max_training_rows)
    recipe = recipe_of(spec, taught, features, as_utc64(end), only)
    schema, matrix, choice = recipe.schema, recipe.matrix, recipe.choice
    rung = fit_rung(choice, spec, taught, schema, matrix)
    calibrator = Calibrator() if choice.slope == 1.0 else fit_calibrator(rung.margin(matrix), taught.label, choice.slope)
    horizons = tuple(int(h) for h in np.unique(rows.horizon))
    return FittedModel(
        name=spec.name,
        entity=spec.entity,
        outcome_name=word,
        horizons=horizons,
        main_horizon=max((h for h in horizons if h <= spec.main_horizon), default=min(horizons)),
        trained_through=end.isoformat(),
        first_snapshot=str(rows.as_of.min().astype("datetime64[s]")),
        ledger_digest=ledger_digest,
        schema=schema,
        rung=rung,
        calibrator=calibrator,
        counts=_counts(rows, taught),
        settings=asdict(spec.trees),
        gate=asdict(spec.gate),
        tried=tuple(asdict(tried) for tried in choice.tried),
        cross_section=rows.cross_section,
        families={} if recipe.trial and not recipe.trial.used else rows.families.lists_at(as_utc64(end)),
        family_trial=asdict(recipe.trial) if recipe.trial else {},
    )


def _counts(rows: TrainingRows, taught: TrainingRows) -> dict[str, int]:
    had, had_not = rows.outcomes()
    return {
        "snapshots": len(np.unique(rows.snapshot_index)),
        "rows": len(rows),
        "rows_taught": len(taught),
        "entities": had + had_not,
        "with_outcome": had,
    }
