"""The verdict: whether a model has shown on held-out rows that it may be served, by the limits of its own gate."""

from __future__ import annotations

from dataclasses import dataclass

from dealml.evaluation.decisions.promotion import CHALLENGER, calibration_beyond_chance, excess
from dealml.evaluation.metrics.bootstrap import Interval
from dealml.evaluation.report.evaluate import Evaluation

BASELINE, STAGE_RATES = "base_rate", "stage_rates"
RATES = (BASELINE, STAGE_RATES)
"""Forecasts that cost nothing: a model that does no better than one is not worth its words."""


@dataclass(frozen=True)
class Verdict:
    """What may be served."""

    beats: bool
    """Whether the model may be served: it beats the base rate, loses to no rate, and is calibrated as its gate demands."""
    checked: bool
    """Whether enough could be held out to say so."""
    message: str
    advice: str = ""
    """What to do where it may not be served."""


def verdict_on(evaluation: Evaluation | None) -> Verdict:
    """The verdict on an evaluation; on None, that nothing could be checked."""
    if evaluation is None:
        return Verdict(False, False, "too few outcomes to check a model on held-out rows: what is served is the base rate")
    gain = evaluation.gain[BASELINE]
    lower = f"log loss lower by {gain.value:.3f} ({_bounds(gain)})"
    if not gain.low > evaluation.gate.min_log_loss_gain:
        message = f"does not beat the baseline: {lower} than the base rate's"
        return Verdict(False, True, message, "import more history or map more of your CRM, and train again")
    return _loss_to_stage_rates(evaluation) or _miscalibration(evaluation) or Verdict(True, True, f"beats the base rate: {lower}")


def _loss_to_stage_rates(evaluation: Evaluation) -> Verdict | None:
    """A loss counts where its whole interval does."""
    gain = evaluation.gain.get(STAGE_RATES)
    if gain is None or not gain.high < 0:
        return None
    message = f"loses to stage rates: log loss higher by {-gain.value:.3f} ({_bounds(Interval(-gain.value, -gain.high, -gain.low))})"
    return Verdict(False, True, message, "see in the model card which features are absent, map more of your CRM, and train again")


def _miscalibration(evaluation: Evaluation) -> Verdict | None:
    """Beyond the limit without what chance adds, where some rate is surely calibrated better: else a rate would help nobody."""
    gate, predictions = evaluation.gate, evaluation.predictions
    error, most = calibration_beyond_chance(gate, predictions)[1], gate.max_calibration_error
    if error <= most:
        return None
    better = {
        rate: more.value
        for rate in RATES
        if rate in predictions.probabilities and (more := excess(gate, predictions, "calibration_error", CHALLENGER, rate)).low > 0
    }
    if not better:
        return None
    rate = max(better, key=lambda name: better[name]).replace("_", " ")
    message = f"is calibrated worse than its gate allows: an error of {error:.3f} without what chance adds, where {most:g} may be"
    return Verdict(
        False, True, f"{message} and {rate} err less", "chances have moved: train on later data, and see which with dealml backtest"
    )


def _bounds(interval: Interval) -> str:
    return f"95% interval {interval.low:.3f} to {interval.high:.3f}"
