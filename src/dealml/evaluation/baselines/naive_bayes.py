"""Naive Bayes over texts, as CRMs score leads: how often each value was seen with and without the outcome."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import expit

from dealml.learning.rungs import fit_base_rate
from dealml.learning.training_rows import Floats, TrainingRows

SMOOTHING = 1.0
"""Cases added to every value's count (Laplace), so that one seen on one side alone is no proof."""


def naive_bayes_probability(earlier: TrainingRows, later: TrainingRows, texts: Sequence[str]) -> Floats:
    """The probability of later rows, each horizon learned from the earlier rows of the same horizon.

    The log-odds are those of the horizon's base rate, plus for each text the log of how much more often
    its value was seen with the outcome than without. A missing value, or one never seen, adds nothing.

    Parameters
    ----------
    texts
        The names of the text features, taken for independent of each other.
    """
    base = fit_base_rate(earlier.horizon[:, None], earlier.label)
    margin = base.margin(later.horizon[:, None])
    for name in texts:
        values, categories = pd.factorize(earlier.snapshots[name])
        then, now = values[earlier.snapshot_index], categories.get_indexer(pd.Index(later.snapshots[name]))[later.snapshot_index]
        for horizon in np.unique(later.horizon):
            seen = (earlier.horizon == horizon) & (then >= 0)
            is_scored = (later.horizon == horizon) & (now >= 0)
            margin[is_scored] += _log_ratios(then[seen], earlier.label[seen], len(categories))[now[is_scored]]
    return np.asarray(expit(margin))


def _log_ratios(values: np.typing.NDArray[np.intp], won: Floats, count: int) -> Floats:
    """Of each value, the log of its smoothed share with the outcome over that without."""
    with_it = np.bincount(values, weights=won, minlength=count) + SMOOTHING
    without = np.bincount(values, weights=1 - won, minlength=count) + SMOOTHING
    return np.asarray(np.log(with_it / with_it.sum()) - np.log(without / without.sum()))
