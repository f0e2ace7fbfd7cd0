"""What an evaluation returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dealml.api.results.measures import measures_frame

if TYPE_CHECKING:
    import pandas as pd

    from dealml.evaluation.report.evaluate import Evaluation


@dataclass(frozen=True)
class EvaluationResult:
    """A model and its baselines on held-out rows.

    Example
    -------
    >>> result = project.evaluate("deal_win")
    >>> result.beats_base_rate, result.verdict
    """

    model: str
    outcome: str
    """Such as won, lost, cancelled."""
    learner: str
    """The learner that was chosen: base_rate, shrunken_rates, logistic or lightgbm."""
    method: str
    """How rows were held out."""
    horizon_days: int
    rows: int
    entities: int
    with_outcome: int
    beats_base_rate: bool
    """Whether the 95 % interval of the gain in log loss over the base rate lies above 0."""
    verdict: str
    """The same in one sentence."""
    metrics: pd.DataFrame
    """`forecaster` ("model" or a baseline), `metric`, `value` and its 95 % interval `low`, `high`."""
    gain: pd.DataFrame
    """The log loss of each baseline minus the model's: `forecaster`, `metric`, `value`, `low`, `high`; above 0 the model is better."""


def evaluation_result(evaluation: Evaluation) -> EvaluationResult:
    """An evaluation as its public form."""
    from dealml.evaluation.decisions.verdict import verdict_on

    verdict = verdict_on(evaluation)
    return EvaluationResult(
        model=evaluation.model,
        outcome=evaluation.outcome,
        learner=evaluation.rung,
        method=evaluation.method,
        horizon_days=evaluation.horizon_days,
        rows=evaluation.rows,
        entities=evaluation.entities,
        with_outcome=evaluation.with_outcome,
        beats_base_rate=evaluation.gain["base_rate"].low > 0,
        verdict=verdict.message,
        metrics=measures_frame(evaluation.overall),
        gain=measures_frame({baseline: {"log_loss": gain} for baseline, gain in evaluation.gain.items()}),
    )
