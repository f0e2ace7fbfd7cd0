"""Evaluation: a model and its baselines on held-out rows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from dealml.errors import ModelError
from dealml.evaluation.holdout.backtest import backtest
from dealml.evaluation.holdout.fold import fit_and_predict, predict_holdout
from dealml.evaluation.holdout.predictions import Floats, HoldoutPredictions, weekly
from dealml.evaluation.metrics.bootstrap import Interval
from dealml.evaluation.metrics.calibration import reliability
from dealml.evaluation.metrics.metrics import METRICS
from dealml.evaluation.report.amounts import Amounts, amounts_of
from dealml.evaluation.report.slice_metrics import Measured, SliceMetrics, number_or_none, slice_of, whole_of
from dealml.evaluation.report.slices import Masks, by_horizon, slices_of
from dealml.learning.fitted import FittedModel
from dealml.learning.folds import split_at, split_in_time
from dealml.learning.ladder import MIN_ENTITIES
from dealml.learning.promotion_gate import Gate
from dealml.learning.scorecard import Scorecard
from dealml.learning.spec import Model
from dealml.learning.training_rows import TrainingRows
from dealml.moments import as_utc64

RESAMPLES = 200
FEW_ORIGINS = 4
"""Origins where one cut would leave too little after it."""

CROSS_VALIDATION = "repeated stratified cross-validation: the source has no dates"
METHODS = {
    "later time": "the registered model on the time after its training",
    "refitted": "the same recipe, trained before the cut",
    "rolling origins": "the same recipe, trained afresh at each origin",
    "cross-validation": CROSS_VALIDATION,
}
"""Every way to hold rows out, in words."""


@dataclass(frozen=True)
class Evaluation:
    """Metrics with 95 % intervals, of the model and its baselines."""

    model: str
    outcome: str
    """The word for it: won, cancelled, silent."""
    rung: str
    method: str
    """A key of `METHODS`."""
    cut: str
    """When the held-out time begins; empty in a cross-validation, as is its end."""
    until: str
    horizon_days: int
    currency: str
    rows: int
    entities: int
    with_outcome: int
    overall: Measured
    gain: dict[str, Interval]
    """Log loss of each rival minus the model's: above 0 the model is better."""
    slices: dict[str, dict[str, SliceMetrics]]
    """By kind of slice, by part: at `horizon_days`, but for the kind `horizon`."""
    absent: dict[str, str]
    """Kinds of slices that there are not, each with the reason."""
    predictions: HoldoutPredictions = field(repr=False)
    """The held-out rows at `horizon_days`."""
    amounts: Amounts | None = field(default=None, repr=False)
    """Their money; None where no row has any."""
    gate: Gate = field(default=Gate(), repr=False)
    """What the model declared before its training."""


def later_time(spec: Model, model: FittedModel, rows: TrainingRows, scorecard: Scorecard | None = None) -> HoldoutPredictions | None:
    """Test a registered model on the time after its training; None when that is too short, or the rows have no dates."""
    if rows.cross_section:
        return None
    split = split_at(rows, as_utc64(datetime.fromisoformat(model.trained_through)))
    if not _enough(rows.keep(split.later)) or not len(rows.keep(split.earlier)):
        return None
    return predict_holdout(spec, model, rows.keep(split.earlier), weekly(rows.keep(split.later)), scorecard)


def refitted(
    spec: Model,
    rows: TrainingRows,
    features: list[str],
    word: str,
    end: datetime,
    scorecard: Scorecard | None = None,
    rung: str | None = None,
    only: str | None = None,
) -> tuple[HoldoutPredictions, FittedModel]:
    """Fit the same recipe before a cut in time, and test it on the time after the cut.

    Where too little came after one cut, it is fitted at several origins; in a cross-section it is cross-validated.

    Parameters
    ----------
    rung
        The rung to fit where what is known before a cut is too little to choose one, as it is at several origins.
    only
        The rung to fit, whatever there is to choose one by.

    Raises
    ------
    ModelError
        When there are too few outcomes to hold any out.
    """
    if not _enough(rows):
        raise _too_few(spec)
    split = None if rows.cross_section else split_in_time(rows, spec.main_horizon, as_utc64(end))
    if split is not None and _enough(rows.keep(split.earlier)) and _enough(_farthest(spec, weekly(rows.keep(split.later)))):
        arguments = (spec, rows.keep(split.earlier), weekly(rows.keep(split.later)), features, word, split.moment, scorecard)
        predictions, model = fit_and_predict(*arguments, only)
        return (predictions, model) if only or model.tried else fit_and_predict(*arguments, rung)
    backtested = backtest(spec, rows, features, word, end, FEW_ORIGINS, scorecard, only=only or rung)
    return backtested.predictions, backtested.model


def _farthest(spec: Model, rows: TrainingRows) -> TrainingRows:
    """The rows of the main horizon, or of the longest before it."""
    longest = max((h for h in np.unique(rows.horizon) if h <= spec.main_horizon), default=0.0)
    return rows.keep(rows.horizon == longest)


def measure(
    spec: Model,
    model: FittedModel,
    predictions: HoldoutPredictions,
    method: str,
    until: str,
    resamples: int = RESAMPLES,
    currency: str = "",
) -> Evaluation:
    """All metrics of held-out rows: overall and in slices.

    Parameters
    ----------
    currency
        The project's; without it, only converted amounts count as money.
    """
    horizon = main_horizon(spec, predictions.rows)
    main = predictions.at(predictions.rows.horizon == horizon)
    amounts = amounts_of(main.rows, spec.shown, currency)
    money = None if amounts is None else amounts.counted
    cut = slices_of(spec, main, amounts)
    # One repeat holds each row once, and deals at the same share of their lives were not seen on the same Monday.
    viewed = {"repeat": replace(main, repeats=1), "life": replace(main, has_lists=False)}
    slices = {kind: _parts(viewed.get(kind, main), masks, money, resamples) for kind, masks in cut.masks.items()}
    undated = predictions.rows.cross_section
    horizons = (
        {}
        if undated
        else {"horizon": _parts(predictions, by_horizon(predictions.rows), _money(predictions.rows, spec, currency), resamples)}
    )
    whole = whole_of(main, money, resamples)
    return Evaluation(
        model=spec.name,
        outcome=model.outcome_name,
        rung=predictions.rung or model.rung.name,
        method="cross-validation" if undated else method,
        cut="" if undated else model.trained_through if predictions.fold is None else str(min(predictions.fold)),
        until="" if undated else until,
        horizon_days=int(horizon),
        currency=currency,
        rows=whole.rows,
        entities=whole.entities,
        with_outcome=whole.with_outcome,
        overall=whole.measured,
        gain=whole.gain,
        slices=horizons | slices,
        absent=cut.absent,
        predictions=main,
        amounts=amounts,
        gate=Gate(**model.gate),
    )


def method_of(predictions: HoldoutPredictions) -> str:
    """How rows were held out by `refitted`: a key of `METHODS`."""
    return "refitted" if predictions.fold is None else "rolling origins"


def summary_of(evaluation: Evaluation) -> dict[str, Any]:
    """The part of an evaluation that is stored with the model: metrics with intervals and the reliability curve, as plain values."""
    curve, measured = curve_of(evaluation.predictions), evaluation.overall["model"]
    return {
        "method": evaluation.method,
        "cut": evaluation.cut,
        "until": evaluation.until,
        "horizon_days": evaluation.horizon_days,
        "rows": evaluation.rows,
        "entities": evaluation.entities,
        "with_outcome": evaluation.with_outcome,
        "metrics": {name: [number_or_none(v) for v in (measured[name].value, measured[name].low, measured[name].high)] for name in METRICS},
        "curve": {column: curve[column].tolist() for column in ("predicted", "observed", "low", "high", "weight")},
    }


def curve_of(predictions: HoldoutPredictions, who: str = "model") -> pd.DataFrame:
    """The reliability curve of the model, or of a baseline."""
    return reliability(predictions.rows.label, predictions.probabilities[who], predictions.weight, clusters=predictions.clusters)


def main_horizon(spec: Model, rows: TrainingRows) -> float:
    """The longest horizon up to the spec's main one with enough outcomes, or else the one with most."""
    horizons = [h for h in np.unique(rows.horizon) if h <= spec.main_horizon] or [rows.horizon.min()]
    outcomes = {h: min(rows.keep(rows.horizon == h).outcomes()) for h in horizons}
    enough = [h for h in horizons if outcomes[h] >= MIN_ENTITIES]
    return float(max(enough) if enough else max(horizons, key=lambda h: outcomes[h]))


def _parts(predictions: HoldoutPredictions, masks: Masks, money: Floats | None, resamples: int) -> dict[str, SliceMetrics]:
    return {
        name: slice_of(predictions.at(which), None if money is None else money[which], resamples)
        for name, which in masks.items()
        if which.any()
    }


def _money(rows: TrainingRows, spec: Model, currency: str) -> Floats | None:
    amounts = amounts_of(rows, spec.shown, currency)
    return None if amounts is None else amounts.counted


def _enough(rows: TrainingRows) -> bool:
    return len(rows) > 0 and min(rows.outcomes()) >= MIN_ENTITIES


def _too_few(spec: Model) -> ModelError:
    return ModelError(f"{spec.name}: too few outcomes to hold any out; at least {MIN_ENTITIES} with and without are needed before the cut")
