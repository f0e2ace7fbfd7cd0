"""Calibration: forecast against observed rate, bin by bin."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from dealml.evaluation.metrics.ranking import Indices, Sample, Vector, equal_mass_bins, rank, weigh
from dealml.wilson_interval import wilson_interval


def reliability(y: ArrayLike, p: ArrayLike, w: ArrayLike, bins: int = 10, clusters: ArrayLike | None = None) -> pd.DataFrame:
    """Compare forecast and observed rate in bins of equal weight, the lowest first.

    Rows of equal probability share a bin, as in `calibration_error`, so there
    may be fewer bins than asked for; bins without weight are left out.

    Parameters
    ----------
    y, p, w : arrays (n,)
        Labels (0 or 1), probabilities of label 1, weights (not negative).
    bins : int
        Number of bins of equal weight, at least 1.
    clusters : array (n,), optional
        The account of each row, as a number. A bin then counts as no more
        observations than it has accounts, since rows of one share their luck.

    Returns
    -------
    DataFrame
        One row a bin: `predicted` and `observed` (weighted means), `low` and
        `high` (95 % Wilson interval of the observed rate), `weight` (sum) and
        `n` (rows with any weight).
    """
    sample = weigh(rank(y, p), w)
    sums = _sums_by_bin(sample, bins, np.arange(len(sample.w)) if clusters is None else np.asarray(clusters)[sample.ranking.order])
    sums = sums[sums["weight"] > 0].iloc[::-1].reset_index(drop=True)
    weight, observed = sums["weight"], sums["positives"] / sums["weight"]
    low, high = wilson_interval(observed.to_numpy(), _effective_size(sums))
    return pd.DataFrame(
        {
            "predicted": sums["forecast"] / weight,
            "observed": observed,
            # Rounding may put a bound a hair past the rate itself when that is 0 or 1.
            "low": np.minimum(low, observed),
            "high": np.maximum(high, observed),
            "weight": weight,
            "n": sums["rows"].astype(int),
        }
    )


def _sums_by_bin(sample: Sample, bins: int, clusters: Indices) -> pd.DataFrame:
    ranking, w = sample.ranking, sample.w
    sizes = np.diff(np.r_[ranking.starts, len(w)])
    bin_of_row = np.repeat(equal_mass_bins(sample, bins), sizes)
    rows = {
        "weight": w,
        "squares": w**2,
        "positives": w * ranking.y,
        "forecast": w * ranking.p,
        "rows": (w > 0).astype(np.float64),
    }
    sums = pd.DataFrame({name: np.bincount(bin_of_row, weights=values) for name, values in rows.items()})
    present = pd.DataFrame({"bin": bin_of_row, "cluster": clusters})[w > 0].drop_duplicates()
    return sums.assign(clusters=np.bincount(present["bin"], minlength=len(sums)))


def _effective_size(sums: pd.DataFrame) -> Vector:
    # Kish (1965) allows for uneven weights; ten rows of a tenth each are still one deal, hence the cap.
    weight, squares = sums["weight"].to_numpy(dtype=np.float64), sums["squares"].to_numpy(dtype=np.float64)
    smaller: Vector = np.minimum(np.minimum(weight**2 / squares, weight), sums["clusters"].to_numpy(dtype=np.float64))
    return smaller
