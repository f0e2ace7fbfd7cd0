"""Promotion: whether a challenger has earned to replace the champion, condition by condition."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import inf, isfinite, isnan, nan
from typing import Any

import numpy as np
import numpy.typing as npt

from dealml.evaluation.holdout.predictions import Floats, HoldoutPredictions
from dealml.evaluation.metrics.bootstrap import Interval, intervals, paired_difference, resampled
from dealml.evaluation.metrics.metrics import METRICS
from dealml.evaluation.metrics.ranking import Sample, rank
from dealml.learning.fitted import FittedModel
from dealml.learning.promotion_gate import Gate

CHALLENGER, CHAMPION, BASELINE = "model", "champion", "base_rate"
"""Names in `HoldoutPredictions.probabilities`."""

MUST_BEAT = (BASELINE, "stage_rates", "rep_probability")
"""Forecasts that cost nothing: a challenger must have skill over each that the ledger has."""

_DISPLAY_NAMES = {
    CHAMPION: "the champion",
    BASELINE: "the base rate",
    "stage_rates": "stage rates",
    "rep_probability": "the rep's probability",
}


@dataclass(frozen=True)
class Condition:
    """One condition of the gate."""

    name: str
    passed: bool
    value: float
    """What was measured."""
    limit: float
    message: str
    """What was measured and what is asked for, in one sentence."""

    def content(self) -> dict[str, Any]:
        """As plain values; JSON knows no NaN."""
        return {name: None if isinstance(value, float) and not isfinite(value) else value for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Judgement:
    """All conditions, and what follows from them."""

    conditions: tuple[Condition, ...]

    @property
    def passed(self) -> bool:
        """Whether every condition holds."""
        return all(condition.passed for condition in self.conditions)

    @property
    def failed(self) -> list[str]:
        """The names of the conditions that do not hold."""
        return [condition.name for condition in self.conditions if not condition.passed]

    @property
    def message(self) -> str:
        """The judgement in one line."""
        if self.passed:
            return f"has earned promotion: all {len(self.conditions)} conditions hold"
        beaten = {f"gain_over_{BASELINE}", f"skill_over_{BASELINE}"} & set(self.failed)
        what = "does not beat the baseline" if beaten else "has not earned promotion"
        return f"{what}: {len(self.failed)} of {len(self.conditions)} conditions failed ({', '.join(self.failed)})"


def same_source(challenger: FittedModel, champion: FittedModel | None, cross_section: bool, word: str) -> Condition:
    """Whether a challenger learned from the kind of source that the ledger is, and may follow the champion.

    Parameters
    ----------
    cross_section
        Whether the ledger has no dates.
    word
        The outcome that it tells.
    """
    kinds = {True: "a cross-section", False: "dated snapshots"}
    if challenger.cross_section and champion and not champion.cross_section:
        message = "it learned from a cross-section, and the champion from dated snapshots, which it cannot follow"
    elif challenger.cross_section != cross_section:
        message = f"it learned from {kinds[challenger.cross_section]}, and the ledger is of {kinds[cross_section]}: train again"
    elif challenger.outcome_name != word:
        message = f"it predicts {challenger.outcome_name}, and the ledger tells {word}: train again"
    else:
        return Condition("same_source", True, nan, nan, f"it learned {word} from {kinds[cross_section]}, as the ledger has them")
    return Condition("same_source", False, nan, nan, message)


def check_gate(
    gate: Gate, predictions: HoldoutPredictions, champion: str | None, segment: npt.NDArray[np.object_] | None
) -> tuple[Condition, ...]:
    """Check a challenger against the conditions of the gate, on held-out rows of one horizon.

    Parameters
    ----------
    predictions
        With the probabilities of `model`, which is the challenger, of the champion, and of those forecasts of `MUST_BEAT` that there are.
    champion
        Whose probabilities must be beaten; None where there is no champion, or it is the base rate itself.
    segment
        The segment of each row; None where there are no segments.

    Notes
    -----
    Age is no condition: neither an old champion nor fresh data alone promote anything.
    """
    rival = champion or BASELINE
    conditions = [_gain(gate, predictions, rival), _calibration(gate, predictions)]
    if champion:  # the base rate says one number to all: good calibration is all that it has
        conditions.append(_calibration_loss(gate, predictions, champion))
    conditions += [_skill(gate, predictions, name) for name in MUST_BEAT if name in predictions.probabilities]
    if segment is not None:
        conditions.append(_segments(gate, predictions, rival, segment))
    return tuple(conditions)


def _gain(gate: Gate, predictions: HoldoutPredictions, rival: str) -> Condition:
    gain, least = excess(gate, predictions, "log_loss", rival, CHALLENGER), gate.min_log_loss_gain
    message = f"it gains {_shown(gain)} of log loss on {_DISPLAY_NAMES[rival]}; the lower bound must be above {least:g}"
    return Condition(f"gain_over_{rival}", gain.low > least, gain.value, least, message)


def _calibration(gate: Gate, predictions: HoldoutPredictions) -> Condition:
    error, rest = calibration_beyond_chance(gate, predictions)
    most = gate.max_calibration_error
    message = f"its calibration error is {error:.3f}, {rest:.3f} without what chance adds; that may be at most {most:g}"
    return Condition("calibration_error", rest <= most, rest, most, message)


def calibration_beyond_chance(gate: Gate, predictions: HoldoutPredictions) -> tuple[float, float]:
    """The calibration error, and what is left of it when chance is taken off: chance adds about what resampling adds once more."""
    ranking = rank(predictions.rows.label, predictions.probabilities[CHALLENGER])
    weight, formula = predictions.weight[ranking.order], METRICS["calibration_error"].formula

    def error(times: Floats) -> Floats:
        return np.array([formula(Sample(ranking, weight * times), times)])

    observed = float(error(np.ones(len(predictions)))[0])
    chance = float(np.median(resampled(predictions.clusters[ranking.order], gate.resamples, 0, error))) - observed
    return observed, max(observed - max(chance, 0.0), 0.0)


def _calibration_loss(gate: Gate, predictions: HoldoutPredictions, champion: str) -> Condition:
    loss, most = excess(gate, predictions, "calibration_error", CHALLENGER, champion), gate.max_calibration_error_increase
    message = (
        f"its calibration error exceeds that of {_DISPLAY_NAMES[champion]} by {_shown(loss)}; above {most:g}, and surely above 0, fails"
    )
    return Condition("calibration_loss", not (loss.value > most and loss.low > 0), loss.value, most, message)


def _skill(gate: Gate, predictions: HoldoutPredictions, rival: str) -> Condition:
    p, reference = predictions.probabilities[CHALLENGER], predictions.probabilities[rival]
    skill = intervals(
        predictions.rows.label,
        p,
        predictions.weight,
        predictions.clusters,
        metrics=["brier_skill"],
        resamples=gate.resamples,
        reference=reference,
    )["brier_skill"]
    message = f"its Brier skill over {_DISPLAY_NAMES[rival]} is {_shown(skill)}; it must be above 0"
    return Condition(f"skill_over_{rival}", skill.value > 0, skill.value, 0.0, message)


def _segments(gate: Gate, predictions: HoldoutPredictions, rival: str, segment: npt.NDArray[np.object_]) -> Condition:
    """No segment loses AUC; with fewer than the least outcomes of the rarer kind, where AUC scatters, a loss must be sure to count.

    At least 100 outcomes of the rarer kind: Collins, Ogundimu and Altman (2016), Statistics in Medicine 35.
    """
    most, least, losses, failed = gate.max_segment_auc_loss, gate.min_segment_outcomes, dict[str, Interval](), []
    for name in sorted(set(segment)):
        part = predictions.at(segment == name)
        outcomes = part.outcomes()
        if sum(outcomes) < least:
            continue
        loss = losses[name] = excess(gate, part, "auc", rival, CHALLENGER)
        if loss.value > most and (min(outcomes) >= least or loss.low > 0):
            failed.append(name)
    if not losses:
        return Condition("segment_auc", True, nan, most, f"no segment has {least} settled outcomes, so none is judged by itself")
    worst = max(failed or losses, key=lambda name: -inf if isnan(losses[name].value) else losses[name].value)
    message = f"of {len(losses)} segments {len(failed)} lose AUC; {worst} loses most, {_shown(losses[worst])}; more than {most:g} fails"
    return Condition("segment_auc", not failed, losses[worst].value, most, message)


def excess(gate: Gate, predictions: HoldoutPredictions, metric: str, first: str, second: str) -> Interval:
    """A measure of one forecast minus that of another."""
    p, q = predictions.probabilities[first], predictions.probabilities[second]
    return paired_difference(
        predictions.rows.label, p, q, predictions.weight, predictions.clusters, metrics=[metric], resamples=gate.resamples
    )[metric]


def _shown(interval: Interval) -> str:
    return f"{interval.value:.3f} ({interval.low:.3f} to {interval.high:.3f})"
