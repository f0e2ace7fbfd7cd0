"""Fit on all rows only if the same recipe earned it on held-out rows; otherwise fit a rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dealml.errors import ModelError
from dealml.evaluation.decisions.verdict import BASELINE, STAGE_RATES, Verdict, verdict_on
from dealml.evaluation.report.evaluate import Evaluation, measure, method_of, refitted, summary_of
from dealml.learning.fitted import FittedModel
from dealml.learning.scorecard import Scorecard
from dealml.learning.spec import Model
from dealml.learning.training import fit
from dealml.learning.training_rows import TrainingRows

RESAMPLES = 100
SHRUNKEN_RATES = "shrunken_rates"
"""The rung that is the rate of each stage and segment."""


@dataclass(frozen=True)
class ValidatedFit:
    """A model fitted on all rows, and the evaluation of its recipe on held-out rows."""

    fitted: FittedModel
    evaluation: Evaluation | None
    """None where too little could be held out."""
    verdict: Verdict
    """On what was learned, whether it is served or a rate."""


@dataclass(frozen=True)
class _Recipe:
    """What a model is fitted and checked with."""

    spec: Model
    rows: TrainingRows
    features: Sequence[str]
    word: str
    end: datetime
    ledger_digest: str
    scorecard: Scorecard | None
    currency: str

    def fit(self, only: str | None = None) -> FittedModel:
        """On all rows."""
        return fit(self.spec, self.rows, self.features, self.word, self.end, self.ledger_digest, only)

    def check(self, rung: str | None = None, only: str | None = None) -> Evaluation | None:
        """On held-out rows; None where too little can be held out."""
        arguments = (self.spec, self.rows, list(self.features), self.word, self.end, self.scorecard)
        try:
            predictions, model = refitted(*arguments, rung, only)
        except ModelError:
            return None
        return measure(self.spec, model, predictions, method_of(predictions), self.end.isoformat(), RESAMPLES, self.currency)


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
    """Fit the recipe on all rows, judge it on held-out rows by the limits of its gate, and fall back to a rate if it fails.

    The rate is that of each stage and segment where that one passes, else the base rate.

    Parameters
    ----------
    features
        The names of the features to learn from.
    end
        Everything in the rows was on record before.
    scorecard, currency
        The project's.
    """
    recipe = _Recipe(spec, rows, features, word, end, ledger_digest, scorecard, currency)
    fitted = recipe.fit()
    evaluation = recipe.check(fitted.rung.name)
    verdict = verdict_on(evaluation)
    if not verdict.beats:
        fitted, evaluation = _rate_instead(recipe, fitted, evaluation)
        fitted = replace(fitted, fallback_reason=verdict.message)
    return ValidatedFit(replace(fitted, held_out=summary_of(evaluation) if evaluation else {}), evaluation, verdict)


def _rate_instead(recipe: _Recipe, refused: FittedModel, evaluation: Evaluation | None) -> tuple[FittedModel, Evaluation | None]:
    """The rate to be served, and the evaluation to show with it: its own where it is more than the base rate."""
    if evaluation and refused.rung.name not in (BASELINE, SHRUNKEN_RATES) and _stages_tell(evaluation):
        checked = recipe.check(only=SHRUNKEN_RATES)
        if verdict_on(checked).beats:
            return replace(recipe.fit(SHRUNKEN_RATES), tried=refused.tried), checked
    return (refused if refused.rung.name == BASELINE else replace(recipe.fit(BASELINE), tried=refused.tried)), evaluation


def _stages_tell(evaluation: Evaluation) -> bool:
    """Whether stage rates did better than the base rate, so that a rate by stage is worth a try."""
    rates = evaluation.overall
    return STAGE_RATES in rates and rates[STAGE_RATES]["log_loss"].value < rates[BASELINE]["log_loss"].value
