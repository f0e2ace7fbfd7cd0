"""The rungs: learners of a margin whose parts add up, from a constant to boosted trees."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from dealml.errors import ModelError, SetupError
from dealml.learning.matrix import HORIZON, Schema
from dealml.learning.spec import Trees

Floats = npt.NDArray[np.float64]


class Rung(Protocol):
    """A fitted learner."""

    @property
    def name(self) -> str:
        """What it is called in every output."""

    def margin(self, matrix: Floats) -> Floats:
        """Log-odds of each row."""

    def contributions(self, matrix: Floats) -> Floats:
        """Rows × (features + 1): each feature's part in the margin, and last the base margin."""


@dataclass(frozen=True)
class BaseRate:
    """The share of outcomes within each horizon: what is served where there is too little to learn from."""

    horizons: tuple[float, ...]
    margins: tuple[float, ...]
    name: str = "base_rate"

    def margin(self, matrix: Floats) -> Floats:
        """Log-odds of the horizon's base rate."""
        return np.interp(matrix[:, -1], self.horizons, self.margins)

    def contributions(self, matrix: Floats) -> Floats:
        """All of the margin but that of the shortest horizon is the horizon's part."""
        parts = np.zeros((len(matrix), matrix.shape[1] + 1))
        parts[:, -1] = self.margins[0]
        parts[:, -2] = self.margin(matrix) - self.margins[0]
        return parts


def fit_base_rate(matrix: Floats, won: Floats) -> BaseRate:
    """Fit the base rate of each horizon, half a case added to either side, never falling with the horizon."""
    horizons = np.unique(matrix[:, -1])
    rates = [(np.sum(won[at]) + 0.5) / (np.sum(at) + 1.0) for at in (matrix[:, -1] == h for h in horizons)]
    rising = np.maximum.accumulate(np.array(rates))
    return BaseRate(tuple(horizons.tolist()), tuple(np.log(rising / (1 - rising)).tolist()))


@dataclass(frozen=True)
class BoostedTrees:
    """LightGBM; the model is kept as its text."""

    text: str
    name: str = "lightgbm"
    _cache: list[Any] = field(default_factory=list, repr=False, compare=False)

    @property
    def booster(self) -> Any:
        """The LightGBM booster."""
        if not self._cache:
            self._cache.append(lightgbm().Booster(model_str=self.text))
        return self._cache[0]

    def margin(self, matrix: Floats) -> Floats:
        """Log-odds of each row."""
        return np.asarray(self.booster.predict(matrix, raw_score=True), dtype=np.float64)

    def contributions(self, matrix: Floats) -> Floats:
        """Exact path-dependent TreeSHAP (Lundberg et al. 2020), as LightGBM computes it."""
        return np.asarray(self.booster.predict(matrix, pred_contrib=True), dtype=np.float64)


def fit_trees(
    matrix: Floats,
    won: Floats,
    schema: Schema,
    settings: Trees,
    *,
    rounds: int | None = None,
    held_out: tuple[Floats, Floats] | None = None,
) -> tuple[BoostedTrees, int]:
    """Fit boosted trees and say how many.

    Parameters
    ----------
    matrix, won
        Training rows in canonical order.
    rounds
        How many trees; without it as many as lower the log loss on `held_out`.
    held_out
        Matrix and outcome of later rows.
    """
    lgb = lightgbm()
    text = [place for place, field in enumerate(schema.fields) if field.is_text]
    data = lgb.Dataset(
        matrix,
        won,
        feature_name=[f"f{i}" for i in range(matrix.shape[1])],
        categorical_feature=text,
        params=_parameters(schema, settings),
        free_raw_data=True,
    )
    stop = [lgb.early_stopping(25, verbose=False)] if held_out else []
    later = [lgb.Dataset(held_out[0], held_out[1], reference=data)] if held_out else []
    booster = lgb.train(_parameters(schema, settings), data, rounds or settings.most_trees, valid_sets=later, callbacks=stop)
    used = booster.best_iteration if held_out else (rounds or settings.most_trees)
    return BoostedTrees(booster.model_to_string(num_iteration=used)), max(used, 1)


def _parameters(schema: Schema, settings: Trees) -> dict[str, Any]:
    return {
        "objective": "binary",
        "metric": "binary_logloss",
        "learning_rate": settings.learning_rate,
        "num_leaves": settings.leaves,
        "max_depth": settings.depth,
        "min_data_in_leaf": settings.least_rows,
        "feature_fraction": settings.feature_share,
        "lambda_l2": settings.l2,
        "max_bin": settings.bins,
        "min_sum_hessian_in_leaf": 1.0,
        "cat_smooth": 20.0,
        "cat_l2": 20.0,
        "max_cat_threshold": 16,
        "monotone_constraints": [1 if name == HORIZON else 0 for name in schema.names],
        "seed": settings.seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 2,
        "verbosity": -1,
    }


def lightgbm() -> Any:
    """LightGBM, or a line that says what the system lacks."""
    try:
        import lightgbm as module
    except OSError as error:
        raise SetupError(f"LightGBM cannot start ({error}); install its system library: apt-get install libgomp1") from error
    return module


def rung_from(name: str, content: dict[str, Any], text: str | None) -> Rung:
    """A rung from what an artefact holds."""
    if name == "base_rate":
        return BaseRate(tuple(content["horizons"]), tuple(content["margins"]))
    if name == "lightgbm" and text is not None:
        return BoostedTrees(text)
    raise ModelError(f"the artefact's rung {name!r} is not one that this version knows")
