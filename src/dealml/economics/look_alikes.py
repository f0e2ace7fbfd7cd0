"""Look-alikes: what past cases of the same kind were like, drawn towards the wider group where they are few.

A case's look-alikes are the past cases that share its values of all keys, if there are enough of them; else those that share all but the
last key; else all of the company. An average over a narrow group is drawn towards that of the wider one, which counts for some cases
more (an empirical Bayes estimate with a fixed strength; Efron and Morris 1975, Journal of the American Statistical Association 70).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import norm

from dealml.economics.settings import LookAlikeRule

Floats = npt.NDArray[np.float64]

Z = float(norm.ppf(0.9))
"""Of a two-sided 80 % interval, as of all ranges of forecasts."""
COMPANY = "company"
SEPARATOR = "\x1f"


@dataclass(frozen=True, eq=False)
class LookAlikeEstimate:
    """What look-alikes say, an element for each case in question; nan where there are none at all."""

    value: Floats
    low: Floats
    high: Floats
    """An 80 % interval of the average, not of a single case."""
    cases: npt.NDArray[np.int64]
    level: npt.NDArray[np.object_]
    """Which look-alikes: the keys that they share, such as "segment, industry"; "company" for all."""


def keys_of(table: pd.DataFrame, keys: Sequence[str]) -> pd.Series:
    """The values of some keys as one text; missing where one of them is."""
    if not keys:
        return pd.Series(COMPANY, index=table.index, dtype=object)
    parts = [table[key].astype(object) for key in keys]
    joined = parts[0].astype(str)
    for part in parts[1:]:
        joined = joined + SEPARATOR + part.astype(str)
    there = np.logical_and.reduce([part.notna() for part in parts])
    return joined.where(there, None).astype(object)


def ratio(
    past: pd.DataFrame, wanted: pd.DataFrame, keys: Sequence[str], rule: LookAlikeRule, above: str, below: str = ""
) -> LookAlikeEstimate:
    """The ratio of two sums over look-alikes, such as costs to prices; an average where nothing stands below.

    Parameters
    ----------
    past
        A row a case, with the keys; cases without a value of either column do not count.
    wanted
        The cases in question, with the keys.
    keys
        The keys from the widest to the narrowest, such as segment and industry.
    above, below
        The columns that are summed.

    Notes
    -----
    The standard error is that of a ratio estimator by linearisation (Cochran 1977, Sampling Techniques, section 6.4).
    """
    y = past[above].to_numpy(dtype=np.float64)
    d = past[below].to_numpy(dtype=np.float64) if below else np.ones(len(past))
    counted = np.isfinite(y) & np.isfinite(d) & (d >= 0)
    past, y, d = past[counted], y[counted], d[counted]
    estimate = _nothing(len(wanted))
    if not d.sum() > 0:
        return estimate
    sums = pd.DataFrame({"n": 1.0, "y": y, "d": d, "yy": y * y, "yd": y * d, "dd": d * d})
    usual, typical = np.full(len(wanted), y.sum() / d.sum()), d.mean()
    for depth in range(len(keys) + 1):
        by_key = sums.groupby(keys_of(past, keys[:depth]).to_numpy()).sum()
        group = by_key.reindex(keys_of(wanted, keys[:depth]))
        n, sum_y, sum_d = (group[name].fillna(0.0).to_numpy() for name in ("n", "y", "d"))
        weight = rule.strength * typical * (depth > 0)
        # A group of which nothing is known is as usual; the company has no wider group to be drawn to.
        value = (sum_y + weight * usual) / np.maximum(sum_d + weight, 1e-300)
        spread = group["yy"] - 2 * value * group["yd"] + value**2 * group["dd"]
        error = np.sqrt(np.maximum(spread.fillna(0.0).to_numpy(), 0.0) * n / np.maximum(n - 1, 1)) / np.maximum(sum_d + weight, 1e-300)
        enough = (n >= rule.least_cases) if depth else n > 0
        _take(estimate, enough, value, error, n, ", ".join(keys[:depth]) or COMPANY)
        usual = np.where(n > 0, value, usual)
    return estimate


def _take(estimate: LookAlikeEstimate, enough: npt.NDArray[np.bool_], value: Floats, error: Floats, n: Floats, level: str) -> None:
    estimate.value[enough] = value[enough]
    estimate.low[enough] = (value - Z * error)[enough]
    estimate.high[enough] = (value + Z * error)[enough]
    estimate.cases[enough] = n[enough].astype(np.int64)
    estimate.level[enough] = level


def _nothing(count: int) -> LookAlikeEstimate:
    value, low, high = np.full((3, count), np.nan)
    return LookAlikeEstimate(value, low, high, np.zeros(count, dtype=np.int64), np.full(count, "", dtype=object))
