"""What if: the probability with other values of features that people can act on. An association, not an effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.errors import InputError
from dealml.learning.encoding import HORIZON
from dealml.learning.fitted import FittedModel
from dealml.learning.ladder import Choice, fit_rung
from dealml.learning.rungs import Blend
from dealml.learning.spec import Model
from dealml.learning.training_rows import TrainingRows
from dealml.reasons.value_text import number
from dealml.reasons.wording import Wording
from dealml.wilson_interval import Z

LEAST_ALIKE = 10
"""Comparable cases that must have a text for it to be tried."""
BOUNDS = (0.01, 0.99)
"""Shares of the comparable cases between whose numbers one may choose."""
REFITS = 20
MOST_ROWS = 20_000
"""Rows that each refit learns from."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class WhatIf:
    """Two probabilities of one entity, and how sure their difference is."""

    before: float
    after: float
    low: float
    high: float
    """95 % interval of the difference: the recipe refitted on other draws of accounts."""
    values: dict[str, tuple[str | None, str | None]]
    """Of each feature that is different: its value, and the one that was tried."""


def checked(name: str, text: str, past: pd.DataFrame, wording: Wording) -> float | str:
    """The value to try for a feature.

    Parameters
    ----------
    past
        Comparable cases.

    Raises
    ------
    InputError
        When there is no such feature, nobody can act on it, or no comparable case had such a value.
    """
    if name not in past or name not in wording.meanings:
        raise InputError(f"{name}: no such feature of this model; see: dealml features --list")
    if not wording.meaning(name).actionable:
        raise InputError(f"{name}: nobody can act on it; see the column 'actionable' of: dealml features --list")
    column = past[name].dropna()
    if not pd.api.types.is_numeric_dtype(column):
        if (count := int((column == text).sum())) < LEAST_ALIKE:
            raise InputError(f"{name}={text}: {count} comparable cases had that; at least {LEAST_ALIKE} are needed")
        return text
    try:
        value = float(text)
    except ValueError as error:
        raise InputError(f"{name}={text}: {text!r} is no number") from error
    low, high = (float(column.quantile(share)) for share in BOUNDS) if len(column) else (np.nan, np.nan)
    if not low <= value <= high:
        raise InputError(f"{name}={text}: outside what comparable cases had, {number(low)} to {number(high)}")
    return value


def what_if(
    model: FittedModel,
    spec: Model,
    rows: TrainingRows,
    clusters: npt.NDArray[np.intp],
    tables: tuple[pd.DataFrame, pd.DataFrame],
    values: Mapping[str, tuple[str | None, str | None]],
) -> WhatIf:
    """Compare a row with itself, changed.

    Parameters
    ----------
    rows, clusters
        What the recipe learns from, and the account of each row.
    tables
        The row as it is, and with the other values; both with all features.
    """
    both = pd.concat(tables, ignore_index=True).assign(**{HORIZON: float(model.main_horizon)})
    matrix = model.schema.encode(both)
    before, after = model.probability(both)
    gaps = []
    for seed in range(REFITS):
        drawn, other = _drawn(rows, clusters, seed), replace(spec, trees=replace(spec.trees, seed=seed))
        rung = fit_rung(_choice(model), other, drawn, model.schema, drawn.matrix(model.schema))
        p = model.calibrator.probability(rung.margin(matrix))
        gaps.append(float(p[1] - p[0]))
    spread, gap = Z * float(np.std(gaps, ddof=1)), float(after - before)
    return WhatIf(float(before), float(after), gap - spread, gap + spread, dict(values))


def _drawn(rows: TrainingRows, clusters: npt.NDArray[np.intp], seed: int) -> TrainingRows:
    """Rows of accounts drawn with replacement."""
    names, places = np.unique(clusters, return_inverse=True)
    times = np.bincount(np.random.default_rng(seed).integers(len(names), size=len(names)), minlength=len(names))[places]
    at = np.repeat(np.arange(len(rows)), times)
    return replace(rows, snapshot_index=rows.snapshot_index[at], horizon=rows.horizon[at], label=rows.label[at])


def _choice(model: FittedModel) -> Choice:
    rung = model.rung
    if isinstance(rung, Blend):
        return Choice("lightgbm", int(rung.boosted.booster.num_trees()), rung.share)
    return Choice(rung.name)
