"""Fit on all rows only if the same recipe beat the base rate on held-out rows; otherwise fit the base rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dealml.errors import ModelError
from dealml.evaluation.decisions.verdict import BASELINE, Verdict, verdict_on
from dealml.evaluation.report.evaluate import Evaluation, measure, method_of, refitted, summary_of
from dealml.learning.fitted import FittedModel
from dealml.learning.scorecard import Scorecard
from dealml.learning.spec import Model
from dealml.learning.training import fit
from dealml.learning.training_rows import TrainingRows

RESAMPLES = 100


@dataclass(frozen=True)
class ValidatedFit:
    """A model fitted on all rows, and the evaluation of its recipe on held-out rows."""

    fitted: FittedModel
    evaluation: Evaluation | None
    """None where too little could be held out."""
    verdict: Verdict


def fit_or_fall_back(
    spec: Model,
    rows: TrainingRows,
    features: Sequence[str],
    word: str,
    end: datetime,
    ledger_digest: str,
    scorecard: Scorecard | None = None,
    currency: str = "",
) -> ValidatedFit:
    """Fit the recipe on all rows, compare it with the baselines on held-out rows, and fall back to the base rate if it does not win.

    Parameters
    ----------
    features
        The names of the features to learn from.
    end
        Everything in the rows was on record before.
    scorecard, currency
        The project's.
    """
    arguments = (features, word, end)
    fitted = fit(spec, rows, *arguments, ledger_digest)
    evaluation = _checked(spec, rows, *arguments, scorecard, currency, fitted.rung.name)
    verdict = verdict_on(evaluation)
    if not verdict.beats and fitted.rung.name != BASELINE:
        tried, fitted = fitted.tried, fit(spec, rows, *arguments, ledger_digest, BASELINE)
        fitted = replace(fitted, tried=tried)
    return ValidatedFit(replace(fitted, held_out=summary_of(evaluation) if evaluation else {}), evaluation, verdict)


def _checked(
    spec: Model,
    rows: TrainingRows,
    features: Sequence[str],
    word: str,
    end: datetime,
    scorecard: Scorecard | None,
    currency: str,
    rung: str,
) -> Evaluation | None:
    try:
        predictions, model = refitted(spec, rows, list(features), word, end, scorecard, rung)
    except ModelError:
        return None
    return measure(spec, model, predictions, method_of(predictions), end.isoformat(), RESAMPLES, currency)
