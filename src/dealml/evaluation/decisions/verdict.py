"""The verdict: whether a model has shown on held-out rows that it beats the base rate."""

from __future__ import annotations

from dataclasses import dataclass

from dealml.evaluation.report.evaluate import Evaluation

BASELINE = "base_rate"


@dataclass(frozen=True)
class Verdict:
    """What may be served."""

    beats: bool
    """Whether the model's log loss was lower than the base rate's, the whole 95 % interval of the gain above 0."""
    checked: bool
    """Whether enough could be held out to say so."""
    message: str


def verdict_on(evaluation: Evaluation | None) -> Verdict:
    """The verdict on an evaluation; on None, that nothing could be checked."""
    if evaluation is None:
        return Verdict(False, False, "too few outcomes to check a model on held-out rows: what is served is the base rate")
    gain = evaluation.gain[BASELINE]
    lower = f"log loss lower by {gain.value:.3f} (95% interval {gain.low:.3f} to {gain.high:.3f})"
    if gain.low > 0:
        return Verdict(True, True, f"beats the base rate: {lower}")
    return Verdict(False, True, f"does not beat the baseline: {lower} than the base rate's")
