"""Survival of customers: the share of those who began that is still there, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.economics.look_alikes import COMPANY, SEPARATOR, Floats, keys_of
from dealml.economics.settings import LookAlikeRule

DAYS_A_MONTH = 365.25 / 12
MOST_MONTHS = 240
"""The table ends here."""
_TAIL = 12
"""Months before those at which hardly anybody is observed, whose average risk is taken for these."""


@dataclass(frozen=True, eq=False)
class SurvivalCurves:
    """Survival curves of groups of customers at the whole months from 0 on: arrays of groups by months."""

    log_survival: Floats
    variance: Floats
    """Of the logarithm of the survival (Greenwood 1926)."""
    group: npt.NDArray[np.int64]
    """Of each case in question, its row of the curves."""
    cases: npt.NDArray[np.int64]
    """Of each case in question, the customers behind its curve."""
    level: npt.NDArray[np.object_]
    """Of each case in question, the keys that these customers share with it."""

    def stays(self, months: Floats, since: Floats, z: float = 0.0) -> Floats:
        """The chance to be a customer a number of months later of one who is a customer `since` months after it began; nan where unknown.

        Parameters
        ----------
        z
            How many standard errors to move the logarithm: a negative number gives a lower bound.
        """
        later, now = self._at(self.log_survival, since + months), self._at(self.log_survival, since)
        error = np.sqrt(np.maximum(self._at(self.variance, since + months) - self._at(self.variance, since), 0.0))
        return np.asarray(np.minimum(np.exp(later - now + z * error), 1.0))

    def _at(self, curves: Floats, months: Floats) -> Floats:
        inside = np.clip(np.nan_to_num(months), 0.0, MOST_MONTHS - 1e-9)
        month, rest = inside.astype(np.int64), inside % 1.0
        between = curves[self.group, month] * (1 - rest) + curves[self.group, month + 1] * rest
        return np.where(np.isnan(months), np.nan, between)


def survival_curves(customers: pd.DataFrame, wanted: pd.DataFrame, keys: Sequence[str], rule: LookAlikeRule) -> SurvivalCurves | None:
    """The life table of each case's look-alikes by months, drawn towards that of the wider group; None without customers.

    Parameters
    ----------
    customers
        A row a customer: `entered` and `ended` (months since it began, when it came under observation and when that was over), `left`
        (whether it left then), and the keys. Who came under observation later than it began counts from then on (left truncation).
    wanted, keys, rule
        As for `look_alikes.ratio`.

    Notes
    -----
    The risk of a month is the share of those under observation who leave in it; who is under observation for a part of the month
    counts half (Cutler and Ederer 1958, Journal of Chronic Diseases 8). In a narrow group `rule.strength` further customers leave as
    in the wider one.
    """
    customers = customers[customers["ended"] > customers["entered"]]
    if not len(customers):
        return None
    names, sizes = [COMPANY], [len(customers)]
    risk, spread = _company_risk(customers, rule.least_cases)
    group, level = np.zeros(len(wanted), dtype=np.int64), np.full(len(wanted), COMPANY, dtype=object)
    for depth in range(1, len(keys) + 1):
        of_customers, of_wanted = keys_of(customers, keys[:depth]), keys_of(wanted, keys[:depth])
        counts = of_customers.value_counts()
        narrow = sorted(counts.index[counts >= rule.least_cases])
        # A narrow group that is large enough lies in a wider one that is.
        wider = [names.index(name.rpartition(SEPARATOR)[0] or COMPANY) for name in narrow]
        code, place = (pd.Index(narrow, dtype=object).get_indexer(series) for series in (of_customers, of_wanted))
        drawn, its_spread = _risk(*_counts(customers[code >= 0], code[code >= 0], len(narrow)), risk[wider], rule.strength)
        group = np.where(place >= 0, len(names) + place, group)
        level = np.where(place >= 0, ", ".join(keys[:depth]), level)
        names, sizes = names + narrow, sizes + [int(counts[name]) for name in narrow]
        risk, spread = np.concatenate([risk, drawn]), np.concatenate([spread, its_spread])
    return SurvivalCurves(_summed(np.log1p(-np.minimum(risk, 1 - 1e-9))), _summed(spread), group, np.array(sizes)[group], level)


def _company_risk(customers: pd.DataFrame, least: int) -> tuple[Floats, Floats]:
    """The risk of the whole company; where hardly anybody is observed any more, that of the year before."""
    left, observed = _counts(customers, np.zeros(len(customers), dtype=np.int64), 1)
    risk, spread = _risk(left, observed, np.zeros((1, MOST_MONTHS)), 0.0)
    seen = int(np.flatnonzero(observed[0] >= min(least, observed[0].max())).max()) + 1
    last = slice(max(seen - _TAIL, 0), seen)
    risk[0, seen:] = left[0, last].sum() / observed[0, last].sum()
    return risk, spread


def _counts(customers: pd.DataFrame, group: npt.NDArray[np.int64], groups: int) -> tuple[Floats, Floats]:
    """Of each group and month, how many left in it, and how many were under observation, for a part of it as a half."""
    entered, ended = (np.clip(customers[name].to_numpy(dtype=np.float64), 0, MOST_MONTHS - 1e-6) for name in ("entered", "ended"))
    left, first, last = customers["left"].to_numpy(dtype=bool), entered.astype(np.int64), ended.astype(np.int64)
    leavers, change, half = (np.zeros((groups, MOST_MONTHS + 1)) for _ in range(3))
    np.add.at(leavers, (group[left], last[left]), 1.0)
    np.add.at(change, (group, first), 1.0)
    np.add.at(change, (group, last + 1), -1.0)
    np.add.at(half, (group[~left], last[~left]), 0.5)
    late = entered > first
    np.add.at(half, (group[late], first[late]), 0.5)
    return leavers[:, :MOST_MONTHS], np.maximum(np.cumsum(change, axis=1) - half, 0.0)[:, :MOST_MONTHS]


def _risk(left: Floats, observed: Floats, wider: Floats, strength: float) -> tuple[Floats, Floats]:
    """The risk of each month, and what it adds to the variance of the logarithm of the survival."""
    risk = np.divide(left + strength * wider, observed + strength, out=wider.copy(), where=observed + strength > 0)
    stays = observed * (1 - np.minimum(risk, 1 - 1e-9))
    return risk, np.divide(risk, stays, out=np.zeros_like(risk), where=stays > 0)


def _summed(by_month: Floats) -> Floats:
    return np.pad(np.cumsum(by_month, axis=1), ((0, 0), (1, 0)))
