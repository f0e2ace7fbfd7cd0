"""Baselines: what a model must beat to be worth having."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.learning.matrix import Schema
from dealml.learning.rows import Rows
from dealml.learning.rungs import fit_base_rate

Floats = npt.NDArray[np.float64]

STRENGTH = 20.0
"""How many rows' worth the rate of all weighs against the rate of one stage."""


def base_rate(earlier: Rows, later: Rows, schema: Schema, stage: str) -> Floats:
    """The share of outcomes within each horizon."""
    rung = fit_base_rate(earlier.horizon[:, None], earlier.won)
    margin = rung.margin(later.horizon[:, None])
    return 1 / (1 + np.exp(-margin))


def stage_rates(earlier: Rows, later: Rows, schema: Schema, stage: str) -> Floats:
    """The share of outcomes within each horizon at each stage, shrunken towards the base rate."""
    usual = base_rate(earlier, later, schema, stage)
    if stage not in earlier.snapshots:
        return usual
    seen = pd.DataFrame({"stage": _texts(earlier, stage), "horizon": earlier.horizon, "won": earlier.won})
    sums = seen.groupby(["stage", "horizon"])["won"].agg(["sum", "count"])
    found = sums.reindex(pd.MultiIndex.from_arrays([_texts(later, stage), later.horizon])).fillna(0.0)
    return np.asarray((found["sum"].to_numpy() + STRENGTH * usual) / (found["count"].to_numpy() + STRENGTH))


def logistic_regression(earlier: Rows, later: Rows, schema: Schema, stage: str) -> Floats:
    """Penalised logistic regression on the same features and rows."""
    pipeline = _pipeline(schema)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a feature without values, or a fit that stops early, is no news in a baseline
        pipeline.fit(earlier.matrix(schema), earlier.won)
        return np.asarray(pipeline.predict_proba(later.matrix(schema))[:, 1], dtype=np.float64)


def _texts(rows: Rows, by: str) -> npt.NDArray[np.object_]:
    return rows.snapshots[by].fillna("").to_numpy(dtype=object)[rows.place]


def _pipeline(schema: Schema) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline, make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

    texts = [place for place, field in enumerate(schema.fields) if field.is_text]
    numbers = [place for place, field in enumerate(schema.fields) if not field.is_text]
    # Counts and durations have long tails; a signed logarithm keeps one deal from setting the scale.
    scaled = make_pipeline(FunctionTransformer(signed_log), SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    one_hot = make_pipeline(
        SimpleImputer(strategy="constant", fill_value=-1.0), OneHotEncoder(min_frequency=10, handle_unknown="infrequent_if_exist")
    )
    columns = ColumnTransformer([("numbers", scaled, numbers), ("texts", one_hot, texts)])
    return Pipeline([("columns", columns), ("logistic", LogisticRegression(C=1.0, max_iter=500))])


def signed_log(values: Floats) -> Floats:
    """Sign(x) · log(1 + |x|)."""
    return np.asarray(np.sign(values) * np.log1p(np.abs(values)))


BASELINES = {"base_rate": base_rate, "stage_rates": stage_rates, "logistic_regression": logistic_regression}
"""What a model is always measured beside."""


def baseline_probabilities(earlier: Rows, later: Rows, schema: Schema, stage: str) -> dict[str, Floats]:
    """Every baseline's probabilities for later rows, fitted on earlier ones.

    Parameters
    ----------
    stage
        The text feature whose rates are a baseline.
    """
    return {name: fitted(earlier, later, schema, stage) for name, fitted in BASELINES.items()}
