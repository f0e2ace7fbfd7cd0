"""Earning: what is fitted is what the same recipe showed on held-out rows, or else the base rate."""

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
    """A model fitted on all rows, and what its recipe showed on held-out ones."""

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
    """Fit the recipe on all rows, hold it against its rivals, and fall back to the base rate where it does not beat it.

    Parameters
    ----------
    features
        The names of the features to learn from.
    end
        Everything in the rows was on record before.
    scorecard, currency
        The project's.
    """
    asked = (features, word, end)
    fitted = fit(spec, rows, *asked, ledger_digest)
    evaluation = _checked(spec, rows, *asked, scorecard, currency, fitted.rung.name)
    verdict = verdict_on(evaluation)
    if not verdict.beats and fitted.rung.name != BASELINE:
        tried, fitted = fitted.tried, fit(spec, rows, *asked, ledger_digest, BASELINE)
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
        held, model = refitted(spec, rows, list(features), word, end, scorecard, rung)
    except ModelError:
        return None
    return measure(spec, model, held, method_of(held), end.isoformat(), RESAMPLES, currency)
