"""The metrics of probabilities, each weighted by row.

Every measure exists once, as a formula over a `Sample`, so that an evaluation
and a thousand bootstrap resamples cannot disagree. scikit-learn is the oracle
in the tests. A measure with no meaning on the rows given (no weight at all,
a ranking with one label only) is nan; it neither raises nor warns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import ArrayLike

from dealml.evaluation.metrics.ranking import Ranking, Sample, Vector, equal_mass_bins, probabilities, rank, weigh

CLIP = 1e-15
"""How near 0 and 1 a probability may come in the log loss: a certain forecast that is wrong costs 34.5."""

BINS = 10
"""Number of bins of the calibration error."""


def log_loss(y: ArrayLike, p: ArrayLike, w: ArrayLike) -> float:
    """Mean surprise at the outcomes, in nats; 0 is perfect.

    Probabilities are clipped to [1e-15, 1 - 1e-15], so that one certain and
    wrong forecast is very bad but not infinitely so.

    Parameters
    ----------
    y, p, w : arrays (n,)
        Labels (0 or 1), probabilities of label 1, and weights (not negative).
    """
    return METRICS["log_loss"].function(y, p, w)


def brier(y: ArrayLike, p: ArrayLike, w: ArrayLike) -> float:
    """Mean squared distance of probability and outcome; 0 is perfect, 0.25 a coin's.

    Parameters are those of `log_loss`. Source: Brier (1950), Monthly Weather
    Review 78, in the one-sided form for two outcomes.
    """
    return METRICS["brier"].function(y, p, w)


def brier_skill(y: ArrayLike, p: ArrayLike, w: ArrayLike, reference: ArrayLike) -> float:
    """Share of a baseline's Brier score that the forecast saves; 0 is no better, below 0 worse.

    Parameters
    ----------
    y, p, w : arrays (n,)
        As for `log_loss`.
    reference : array (n,)
        The baseline's probabilities for the same rows. nan comes back when
        the baseline is perfect, since nothing is left to save.
    """
    return METRICS["brier_skill"].function(y, p, w, reference)


def auc(y: ArrayLike, p: ArrayLike, w: ArrayLike) -> float:
    """Chance that a row of label 1 is ranked above one of label 0, a tie counting half.

    Parameters are those of `log_loss`; nan with one label only. Source: Hanley
    and McNeil (1982), Radiology 143: the area under the ROC curve.
    """
    return METRICS["auc"].function(y, p, w)


def average_precision(y: ArrayLike, p: ArrayLike, w: ArrayLike) -> float:
    """Precision averaged over the rows of label 1, each at its own threshold.

    Parameters are those of `log_loss`. No interpolation between thresholds;
    rows of equal probability share one. nan with one label only.
    """
    return METRICS["average_precision"].function(y, p, w)


def calibration_error(y: ArrayLike, p: ArrayLike, w: ArrayLike) -> float:
    """Mean distance of forecast and observed rate over ten bins of equal weight.

    Parameters are those of `log_loss`. Rows of equal probability always share
    a bin, the one where the middle of their weight falls. On few rows the
    error is above 0 even for a perfect forecast, since chance alone parts the
    two rates. Source: Naeini, Cooper and Hauskrecht (2015), AAAI: the expected
    calibration error, here with bins of equal mass.
    """
    return METRICS["calibration_error"].function(y, p, w)


@dataclass(frozen=True)
class ModelMetric:
    """A measure: its name, formula, meaning in plain words, and which way is better.

    `formula` takes a `Sample` and the baseline's probabilities in ranked order
    (empty if none were given). `needs_reference` marks a measure that compares with a baseline.
    `is_inflated` marks one that sampling noise pushes up, so that resamples lie above the value.
    """

    name: str
    formula: Callable[[Sample, Vector], float]
    meaning: str
    higher_is_better: bool
    needs_reference: bool = False
    is_inflated: bool = False

    def function(self, y: ArrayLike, p: ArrayLike, w: ArrayLike, reference: ArrayLike | None = None) -> float:
        """Return the measure for labels, probabilities, weights and, if needed, a baseline, each (n,)."""
        ranking = rank(y, p)
        return self.formula(weigh(ranking, w), ranked_reference(ranking, reference, [self]))


def ranked_reference(ranking: Ranking, reference: ArrayLike | None, metrics: list[ModelMetric]) -> Vector:
    """Bring a baseline's probabilities into ranked order; empty if no metric needs them.

    Raises
    ------
    ValueError
        If a metric needs a baseline and none is given, or it does not fit the rows.
    """
    needing = [metric.name for metric in metrics if metric.needs_reference]
    if not needing:
        return np.empty(0)
    if reference is None:
        raise ValueError(f"{needing[0]} needs a reference: the probabilities of the baseline to compare with")
    return probabilities("reference", reference, len(ranking.p))[ranking.order]


def _mean(sample: Sample, rows: Vector) -> float:
    return float((sample.w * rows).sum() / sample.total) if sample.total > 0 else nan


def losses(y: Vector, p: Vector) -> Vector:
    """The surprise at each outcome, whose mean is the log loss."""
    clipped = np.clip(p, CLIP, 1 - CLIP)
    surprise: Vector = -np.log(np.where(y == 1, clipped, 1 - clipped))
    return surprise


def _log_loss(sample: Sample, _: Vector) -> float:
    return _mean(sample, losses(sample.ranking.y, sample.ranking.p))


def _squared_error(sample: Sample, p: Vector) -> float:
    return _mean(sample, (p - sample.ranking.y) ** 2)


def _brier(sample: Sample, _: Vector) -> float:
    return _squared_error(sample, sample.ranking.p)


def _brier_skill(sample: Sample, reference: Vector) -> float:
    baseline = _squared_error(sample, reference)
    return 1 - _brier(sample, reference) / baseline if baseline != 0 else nan


def _auc(sample: Sample, _: Vector) -> float:
    if not sample.has_both_classes:
        return nan
    positives_above = np.cumsum(sample.group_positives) - sample.group_positives / 2
    return float((sample.group_negatives * positives_above).sum() / sample.positives / sample.negatives)


def _average_precision(sample: Sample, _: Vector) -> float:
    if not sample.has_both_classes:
        return nan
    # A group without label 1 adds nothing; leaving it out also avoids 0/0 before the first weight.
    adds = sample.group_positives > 0
    precision = np.cumsum(sample.group_positives)[adds] / np.cumsum(sample.group_weights)[adds]
    return float((sample.group_positives[adds] * precision).sum() / sample.positives)


def _calibration_error(sample: Sample, _: Vector) -> float:
    if sample.total == 0:
        return nan
    group_p = sample.ranking.p[sample.ranking.starts]
    excess = sample.group_positives - sample.group_weights * group_p
    return float(np.abs(np.bincount(equal_mass_bins(sample, BINS), weights=excess)).sum() / sample.total)


METRICS: dict[str, ModelMetric] = {
    metric.name: metric
    for metric in (
        ModelMetric("log_loss", _log_loss, "mean surprise at the outcomes; punishes confident mistakes", False),
        ModelMetric("brier", _brier, "mean squared distance between probability and outcome", False),
        ModelMetric(
            "brier_skill",
            _brier_skill,
            "share of the baseline's squared error that the model saves",
            True,
            needs_reference=True,
        ),
        ModelMetric("auc", _auc, "chance that a case with the outcome is ranked above one without", True),
        ModelMetric("average_precision", _average_precision, "share with the outcome among those ranked highest, averaged", True),
        ModelMetric(
            "calibration_error",
            _calibration_error,
            "mean distance between forecast and observed rate, over ten equal groups",
            False,
            is_inflated=True,
        ),
    )
}
"""Every measure by name, in the order of reports."""
