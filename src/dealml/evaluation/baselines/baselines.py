"""Baselines: simple forecasts that a model must beat to be worth serving."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from dealml.evaluation.baselines.naive_bayes import naive_bayes_probability
from dealml.learning.encoding import Schema
from dealml.learning.rungs import fit_base_rate, fit_shrunken_rates
from dealml.learning.rungs.logistic import signed_log
from dealml.learning.scorecard import Scorecard
from dealml.learning.spec import Model
from dealml.learning.training_rows import Floats, TrainingRows

BANDS = 10
"""Into how many bands of about as many rows points are cut, to read a rate from each."""
PROBABILITY_CLIP = 0.01
"""No probability that a person or a CRM gives counts as surer than this: one mistake at 100 % would weigh without bound."""
MOST_ROWS_OF_A_LINE = 40_000
"""Logistic regression needs no more rows than this."""

TEXTS = {
    "deal_id": ("stage", "team", "country", "source", "segment", "industry", "problem", "trigger", "deal_type"),
    "account_id": ("subscription_plan", "account_country", "account_segment", "account_industry"),
    "lead_id": ("lead_status", "lead_source", "lead_campaign", "lead_country", "lead_industry", "lead_function"),
}
"""What naive Bayes looks at, of a deal and of an account: stage, team, country, source, and what serves as tags."""


@dataclass(frozen=True)
class BaselineContext:
    """What a baseline needs in addition to the rows."""

    spec: Model
    schema: Schema
    scorecard: Scorecard | None = None


BaselinePredictor = Callable[[TrainingRows, TrainingRows, BaselineContext], Floats | None]


def base_rate(earlier: TrainingRows, later: TrainingRows, context: BaselineContext) -> Floats:
    """The share of outcomes within each horizon."""
    return np.asarray(expit(fit_base_rate(earlier.horizon[:, None], earlier.label).margin(later.horizon[:, None])))


def stage_rates(earlier: TrainingRows, later: TrainingRows, context: BaselineContext) -> Floats | None:
    """The share of outcomes within each horizon at each stage, shrunken towards the base rate."""
    stage = context.spec.stage
    if stage not in later.snapshots:
        return None
    codes, stages = pd.factorize(earlier.snapshots[stage])
    now = stages.get_indexer(pd.Index(later.snapshots[stage]))
    return _rates(earlier, later, codes[earlier.snapshot_index], now[later.snapshot_index], context)


def heuristic(earlier: TrainingRows, later: TrainingRows, context: BaselineContext) -> Floats | None:
    """The project's scorecard: the share of outcomes within each horizon at each band of points."""
    card = context.scorecard
    if card is None or card.entity != context.spec.entity or not card.applied(later.snapshots):
        return None
    return _banded(earlier, later, card.points(earlier.snapshots), card.points(later.snapshots), context)


def recorded_points(earlier: TrainingRows, later: TrainingRows, context: BaselineContext) -> Floats | None:
    """The points on record at the time, read like those of the scorecard."""
    if not _is_known("recorded_points", later):
        return None
    then, now = (rows.snapshots["recorded_points"].to_numpy(dtype=np.float64, na_value=np.nan) for rows in (earlier, later))
    return _banded(earlier, later, then, now, context)


def crm_probability(earlier: TrainingRows, later: TrainingRows, context: BaselineContext) -> Floats | None:
    """What the CRM said; the base rate where it said nothing."""
    return _assessed("crm_probability", earlier, later, context)


def rep_probability(earlier: TrainingRows, later: TrainingRows, context: BaselineContext) -> Floats | None:
    """What the rep said; the base rate where nothing was said."""
    return _assessed("rep_probability", earlier, later, context)


def naive_bayes(earlier: TrainingRows, later: TrainingRows, context: BaselineContext) -> Floats | None:
    """Naive Bayes over stage, team, country, source and what serves as tags."""
    texts = [name for name in TEXTS[context.spec.entity] if name in later.snapshots]
    return naive_bayes_probability(earlier, later, texts) if texts else None


def logistic_regression(earlier: TrainingRows, later: TrainingRows, context: BaselineContext) -> Floats:
    """Logistic regression on the same features and rows, the penalty that of one row for each entity."""
    taught = earlier.thinned(MOST_ROWS_OF_A_LINE)
    # Many rows of few deals are little evidence: with a row's worth of trust in each, it would be a weak rival.
    pipeline = _pipeline(context.schema, len(np.unique(taught.codes)) / len(taught))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a feature without values, or a fit that stops early, is no news in a rival
        pipeline.fit(taught.matrix(context.schema), taught.label)
        return np.asarray(pipeline.predict_proba(later.matrix(context.schema))[:, 1], dtype=np.float64)


BASELINES: dict[str, BaselinePredictor] = {
    rival.__name__: rival
    for rival in (
        base_rate,
        stage_rates,
        heuristic,
        recorded_points,
        crm_probability,
        rep_probability,
        naive_bayes,
        logistic_regression,
    )
}
"""Every baseline by name; a model is always compared with all of them."""

DISPLAY_NAMES = {
    "base_rate": "the base rate",
    "stage_rates": "stage rates",
    "heuristic": "the scorecard",
    "recorded_points": "the points on record",
    "crm_probability": "the CRM's probability",
    "rep_probability": "the rep's probability",
    "naive_bayes": "naive Bayes",
    "logistic_regression": "logistic regression",
}
"""The name of each in texts."""


def baseline_probabilities(
    spec: Model, earlier: TrainingRows, later: TrainingRows, schema: Schema, scorecard: Scorecard | None = None
) -> dict[str, Floats]:
    """Every baseline's probabilities for later rows, fitted on earlier ones; one whose facts the ledger lacks is left out.

    Parameters
    ----------
    schema
        Of the model's matrix.
    scorecard
        The project's point rules, where it has any.
    """
    context = BaselineContext(spec, schema, scorecard)
    predicted = {name: rival(earlier, later, context) for name, rival in BASELINES.items()}
    return {name: p for name, p in predicted.items() if p is not None}


def scores_of(name: str, rows: TrainingRows, probability: Floats, scorecard: Scorecard | None) -> Floats:
    """The scores that a baseline ranks rows by: its points where it has any, since bands of points would tie rows."""
    if name == "heuristic" and scorecard is not None:
        return scorecard.points(rows.snapshots)[rows.snapshot_index]
    if name == "recorded_points":
        return np.asarray(np.nan_to_num(rows.snapshots[name].to_numpy(dtype=np.float64, na_value=np.nan)[rows.snapshot_index], nan=-np.inf))
    return probability


def _rates(
    earlier: TrainingRows, later: TrainingRows, then: npt.NDArray[np.intp], now: npt.NDArray[np.intp], context: BaselineContext
) -> Floats:
    """The shrunken rate of each group within each horizon; a group below 0 is none and has the base rate."""
    p, count = base_rate(earlier, later, context), int(then.max(initial=-1)) + 1
    now = np.where(now < count, now, -1)
    for horizon in np.unique(later.horizon):
        seen, is_scored = earlier.horizon == horizon, later.horizon == horizon
        if seen.any():
            rates = fit_shrunken_rates(_grouped(then[seen], horizon), earlier.label[seen], earlier.codes[seen], {0: count})
            p[is_scored] = expit(rates.margin(_grouped(now[is_scored], horizon)))
    return p


def _grouped(groups: npt.NDArray[np.intp], horizon: float) -> Floats:
    return np.column_stack([np.where(groups < 0, np.nan, groups), np.full(len(groups), horizon)])


def _banded(earlier: TrainingRows, later: TrainingRows, then: Floats, now: Floats, context: BaselineContext) -> Floats:
    """Rates of bands of points, cut so that each holds about as many earlier rows; points are one value a snapshot."""
    scored = then[earlier.snapshot_index]
    present = scored[~np.isnan(scored)]
    edges = np.unique(np.quantile(present, np.arange(1, BANDS) / BANDS)) if len(present) else np.empty(0)
    return _rates(earlier, later, _band(scored, edges), _band(now[later.snapshot_index], edges), context)


def _band(points: Floats, edges: Floats) -> npt.NDArray[np.intp]:
    return np.where(np.isnan(points), -1, np.searchsorted(edges, points, side="right"))


def _assessed(name: str, earlier: TrainingRows, later: TrainingRows, context: BaselineContext) -> Floats | None:
    # What people say is the chance to win: of a loss within some days it says nothing.
    if all(outcome.reverses_expectations for outcome in context.spec.outcomes) or not _is_known(name, later):
        return None
    stated = later.snapshots[name].to_numpy(dtype=np.float64, na_value=np.nan)[later.snapshot_index]
    return np.where(np.isnan(stated), base_rate(earlier, later, context), np.clip(stated, PROBABILITY_CLIP, 1 - PROBABILITY_CLIP))


def _is_known(name: str, rows: TrainingRows) -> bool:
    return name in rows.snapshots and bool(rows.snapshots[name].notna().any())


def _pipeline(schema: Schema, trust: float) -> Any:
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
        SimpleImputer(strategy="constant", fill_value=-1.0),
        OneHotEncoder(min_frequency=10, handle_unknown="infrequent_if_exist", sparse_output=False),
    )
    columns = ColumnTransformer([("numbers", scaled, numbers), ("texts", one_hot, texts)])
    return Pipeline([("columns", columns), ("logistic", LogisticRegression(C=trust, solver="newton-cholesky"))])
