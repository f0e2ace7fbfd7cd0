"""Boosted trees: LightGBM, the horizon monotone, kept as its text; a part of the top rung."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from dealml.errors import SetupError
from dealml.learning.encoding import HORIZON, Schema
from dealml.learning.rungs.base_rate import BaseRate, fit_overall_rate
from dealml.learning.rungs.horizon_alone import HorizonAlone, horizon_alone
from dealml.learning.rungs.lightgbm_text import trees_of
from dealml.learning.rungs.rung import Floats
from dealml.learning.rungs.tree_shap import ShapTables, tables_of
from dealml.learning.spec import Trees


@dataclass(frozen=True)
class BoostedTrees:
    """A LightGBM booster on top of a rate."""

    base: BaseRate
    """What the trees start from: one rate for all horizons; of models up to artefact format 4, the rate of each horizon."""
    text: str
    horizon_in_base: bool = False
    """Whether what the trees say of the horizon alone counts to the base; where they start from the rate of each
    horizon, it is in the base already."""

    @cached_property
    def booster(self) -> Any:
        """The LightGBM booster."""
        return lightgbm().Booster(model_str=self.text)

    @cached_property
    def tables(self) -> ShapTables | None:
        """What contributions are looked up in; None where the trees are too large for that."""
        return tables_of(list(trees_of(self.text)))

    @cached_property
    def alone(self) -> HorizonAlone:
        """What the trees say of the horizon alone."""
        return horizon_alone(trees_of(self.text), self.booster.num_feature() - 1)

    def margin(self, matrix: Floats) -> Floats:
        """Log-odds of each row."""
        return self.base.margin(matrix) + np.asarray(self.booster.predict(matrix, raw_score=True), dtype=np.float64)

    def contributions(self, matrix: Floats) -> Floats:
        """Exact path-dependent TreeSHAP (Lundberg et al. 2020) on top of the start's: by tables, or as LightGBM computes it.

        The base is what to begin with at the row's horizon: what the trees say of the horizon alone is moved there, and
        only what it does together with a feature stays with the horizon.
        """
        parts = self.base.contributions(matrix) + self._shap(matrix)
        if self.horizon_in_base:
            alone = self.alone.at(matrix[:, -1])
            parts[:, -1] += alone
            parts[:, -2] -= alone
        return parts

    def _shap(self, matrix: Floats) -> Floats:
        if self.tables is not None:
            return self.tables.contributions(matrix)
        return np.asarray(self.booster.predict(matrix, pred_contrib=True), dtype=np.float64)


def fit_trees(matrix: Floats, won: Floats, schema: Schema, settings: Trees, rounds: int) -> BoostedTrees:
    """Fit `rounds` boosted trees on training rows in canonical order.

    They start from one rate, not from the rate of each horizon: long horizons are over for the first weeks of a
    history alone, and trees can hardly mend a level that is copied from those (docs/decisions/0014).
    """
    base = fit_overall_rate(won)
    data, parameters = _dataset(matrix, won, schema, settings, base), _parameters(schema, settings, len(won))
    return BoostedTrees(base, lightgbm().train(parameters, data, rounds).model_to_string(), horizon_in_base=True)


@dataclass(frozen=True)
class GrownTrees:
    """Trees on earlier rows, and how the log loss of later rows fell with each one."""

    base: BaseRate
    booster: Any
    losses: Floats
    """Mean log loss of the later rows after each tree."""

    def margin(self, matrix: Floats, rounds: int) -> Floats:
        """Log-odds by the first `rounds` trees."""
        return self.base.margin(matrix) + np.asarray(self.booster.predict(matrix, raw_score=True, num_iteration=rounds), dtype=np.float64)


def grow_trees(matrix: Floats, won: Floats, schema: Schema, settings: Trees, later: Sequence[Floats]) -> GrownTrees:
    """Fit as many trees as the settings allow, or until 60 in a row did not lower the log loss of later rows.

    Parameters
    ----------
    later
        Matrix and outcome of the later rows.
    """
    lgb, base = lightgbm(), fit_overall_rate(won)
    losses: dict[str, dict[str, list[float]]] = {}
    data, parameters = _dataset(matrix, won, schema, settings, base), _parameters(schema, settings, len(won))
    held_out = lgb.Dataset(later[0], later[1], reference=data, init_score=base.margin(later[0]))
    watch = [lgb.early_stopping(60, verbose=False), lgb.record_evaluation(losses)]
    # Kept as it is, as LightGBM would cut the trees off at this fold's own best.
    options = {"valid_sets": [held_out], "valid_names": ["later"], "callbacks": watch, "keep_training_booster": True}
    booster = lgb.train(parameters, data, settings.num_boost_round, **options)
    return GrownTrees(base, booster, np.array(losses["later"]["binary_logloss"]))


def _dataset(matrix: Floats, won: Floats, schema: Schema, settings: Trees, base: BaseRate) -> Any:
    return lightgbm().Dataset(
        matrix,
        won,
        init_score=base.margin(matrix),
        feature_name=[f"f{i}" for i in range(matrix.shape[1])],
        categorical_feature=[index for index, field in enumerate(schema.fields) if field.is_text],
        params=_parameters(schema, settings, len(won)),
        free_raw_data=True,
    )


def _parameters(schema: Schema, settings: Trees, rows: int) -> dict[str, Any]:
    return {
        "objective": "binary",
        "metric": "binary_logloss",
        "learning_rate": settings.learning_rate,
        "num_leaves": settings.num_leaves,
        "max_depth": settings.max_depth,
        "min_data_in_leaf": min(settings.min_data_in_leaf, max(10, rows // 50)),
        "feature_fraction_bynode": settings.feature_fraction_bynode,
        "lambda_l2": settings.lambda_l2,
        "max_bin": settings.max_bin,
        "min_sum_hessian_in_leaf": 1.0,
        "cat_smooth": 5.0,
        "cat_l2": 5.0,
        "max_cat_threshold": 16,
        "monotone_constraints": [1 if name == HORIZON else 0 for name in schema.names],
        "seed": settings.seed,
        "deterministic": True,
        "force_row_wise": True,
        # Threads that wait for each other cost more than they save on few rows; the trees are the same.
        "num_threads": 2 if rows > 20_000 else 1,
        "verbosity": -1,
    }


def lightgbm() -> Any:
    """LightGBM, or a line that says what the system lacks."""
    try:
        import lightgbm as module
    except OSError as error:
        raise SetupError(f"LightGBM cannot start ({error}); install its system library: apt-get install libgomp1") from error
    return module
