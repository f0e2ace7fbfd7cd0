"""Evidence: how often past deals that were like this one had the outcome, compared with those that were not. Counts, not causes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.formatting import counted_percent
from dealml.ledger.sql import literal
from dealml.reasons.value_text import number
from dealml.reasons.wording import Wording
from dealml.wilson_interval import wilson_interval

Floats = npt.NDArray[np.float64]

FEW = 20
"""With fewer on either side nothing is said of shares."""
MOST_VALUES = 7
"""A number with more distinct values is compared by ranges."""
RANGE_ENDS = (0.2, 0.4, 0.6, 0.8)
"""Where ranges end: at these shares of the values."""


@dataclass(frozen=True)
class Comparable:
    """What counts as like a value of a feature: the same, not known, or within a range from `low` to under `high`."""

    feature: str
    equal: str | float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_range(self) -> bool:
        """Whether it is a range of numbers."""
        return self.low is not None or self.high is not None

    def holds(self, column: pd.Series) -> npt.NDArray[np.bool_]:
        """Which rows are alike."""
        if not self.is_range:
            return np.asarray(column.isna() if self.equal is None else column == self.equal, dtype=np.bool_)
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        above = values >= (-np.inf if self.low is None else self.low)
        return np.asarray(above & (values < (np.inf if self.high is None else self.high)))

    @property
    def sql(self) -> str:
        """The same as a condition in SQL."""
        name = f'"{self.feature}"'
        if not self.is_range:
            return f"{name} IS NULL" if self.equal is None else f"coalesce({name} = {literal(self.equal)}, false)"
        bounds = [f"{name} >= {self.low!r}"] if self.low is not None else []
        bounds += [f"{name} < {self.high!r}"] if self.high is not None else []
        return f"coalesce({' AND '.join(bounds)}, false)"


@dataclass(frozen=True)
class Evidence:
    """How many were like this and how many of them came to the outcome, and the same of the others."""

    like: Comparable
    stage: str | None
    """At which stage all of them stood; None where all stages count."""
    count: int
    had: int
    others: int
    others_had: int
    query: str
    """SQL that gives the four counts from the table that `dealml features MODEL --settled` writes."""

    @property
    def is_enough(self) -> bool:
        """Whether there are enough on both sides to speak of shares."""
        return min(self.count, self.others) >= FEW

    @property
    def difference(self) -> tuple[float, float, float]:
        """The difference of the shares and its 95 % interval (Newcombe 1998, Statistics in Medicine 17, method 10)."""
        p, q = self.had / self.count, self.others_had / self.others
        (low, high), (other_low, other_high) = wilson_interval(p, self.count), wilson_interval(q, self.others)
        gap = p - q
        return gap, gap - float(np.hypot(p - low, other_high - q)), gap + float(np.hypot(high - p, q - other_low))


@dataclass(frozen=True, eq=False)
class PastValues:
    """What is needed of a feature's past values to say which of them are like another."""

    is_number: bool
    cuts: Floats | None
    """Where the ranges of a number end; None for a text, and for few values, which are not put into ranges."""
    median: float | None
    """None for a text."""

    @classmethod
    def of(cls, past: pd.Series) -> PastValues:
        """Those of a column."""
        if not pd.api.types.is_numeric_dtype(past):
            return cls(False, None, None)
        values = past.dropna().to_numpy(dtype=np.float64)
        if len(np.unique(values)) <= MOST_VALUES:
            return cls(True, None, float(past.median()))
        cuts = np.unique([float(f"{cut:.3g}") for cut in np.quantile(values, RANGE_ENDS, method="inverted_cdf")])
        return cls(True, cuts, float(past.median()))

    def like(self, feature: str, value: Any) -> Comparable:
        """What counts as like a value: the same text or one of few numbers, or the fifth of the past values that it falls into."""
        if value is None or pd.isna(value):
            return Comparable(feature)
        if self.cuts is None:
            return Comparable(feature, equal=float(value) if self.is_number else str(value))
        place = int(np.searchsorted(self.cuts, float(value), side="right"))
        low = float(self.cuts[place - 1]) if place else None
        return Comparable(feature, low=low, high=float(self.cuts[place]) if place < len(self.cuts) else None)


@dataclass(frozen=True)
class EvidenceBase:
    """What is over, as a table of features with `had`, to look up evidence in.

    Parameters
    ----------
    table
        From `View.settled`.
    stage
        The text feature within which it is compared, such as the deal's stage; empty for none.
    """

    table: pd.DataFrame
    stage: str = ""
    _cache: dict[tuple[str, object, object], Evidence] = field(default_factory=dict, repr=False, compare=False)
    _values: dict[tuple[str, object], PastValues] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def _at_stage(self) -> dict[str, pd.DataFrame]:
        if self.stage not in self.table:
            return {}
        return {str(name): part for name, part in self.table.groupby(self.stage, sort=False)}

    def comparable(self, stage: str | None, feature: str = "") -> pd.DataFrame:
        """Those at the same stage; all of them where the stage itself is asked about, or not known."""
        return self.table if stage is None or feature == self.stage else self._at_stage.get(stage, self.table.iloc[:0])

    def values(self, feature: str, stage: str | None) -> PastValues:
        """The past values of a feature, of those at the same stage."""
        at = None if feature == self.stage else stage
        if (feature, at) not in self._values:
            self._values[feature, at] = PastValues.of(self.comparable(at, feature)[feature])
        return self._values[feature, at]

    def evidence(self, feature: str, value: Any, stage: str | None) -> Evidence:
        """Outcomes of the past rows that are like this one in one feature, and of the others at the same stage."""
        like, at = self.values(feature, stage).like(feature, value), None if feature == self.stage else stage
        if (feature, like, at) not in self._cache:
            whole = self.comparable(at, feature)
            which, had = like.holds(whole[feature]), whole["had"].to_numpy() == 1
            counts = (int(which.sum()), int(had[which].sum()), int((~which).sum()), int(had[~which].sum()))
            self._cache[feature, like, at] = Evidence(like, at, *counts, query=_query(like, self.stage, at))
        return self._cache[feature, like, at]


def comparable_of(feature: str, value: Any, past: pd.Series) -> Comparable:
    """What counts as like a value: the same text or one of few numbers, or the fifth of the past values that it falls into."""
    return PastValues.of(past).like(feature, value)


def evidence_sentence(evidence: Evidence, kind: str, wording: Wording, **about: object) -> str:
    """Evidence as a sentence.

    Parameters
    ----------
    kind
        Which sentence: `deals`, `accounts` or `entities`.
    about
        Further parts of it: `date`, `days`, `outcome`.
    """
    if not evidence.is_enough:
        return wording.say("evidence", "few", **{"with": evidence.count, "without": evidence.others})
    gap, low, high = (f"{100 * share:.0f}" for share in evidence.difference)
    rates = {"rate_with": _percent(evidence.had, evidence.count), "rate_without": _percent(evidence.others_had, evidence.others)}
    parts = {"with": evidence.count, "without": evidence.others, "gap": gap, "low": low, "high": high}
    return wording.say("evidence", kind, **parts, **rates, **about)


def comparable_text(like: Comparable, wording: Wording) -> str:
    """What counts as like this, in words."""
    unit = wording.meaning(like.feature).unit
    if not like.is_range:
        if like.equal is None:
            return wording.say("like", "unknown")
        return wording.value(unit, like.equal if isinstance(like.equal, str) else str(number(like.equal)))
    key = "between" if like.low is not None and like.high is not None else "below" if like.low is None else "above"
    bounds = {
        name: wording.value(unit, str(number(bound))) for name, bound in (("low", like.low), ("high", like.high)) if bound is not None
    }
    return wording.say("like", key, **bounds)


def is_contrary(expect: str, value: Any, log_odds: float, median: float | None) -> bool:
    """Whether the contribution's sign contradicts the feature's declared `expect`.

    The expected sign depends on whether the value is above or below the past median, which is None for a text.
    """
    if not expect or value is None or pd.isna(value) or median is None:
        return False
    side = np.sign(float(value) - median)
    return bool(side * np.sign(log_odds) * (1 if expect == "+" else -1) < 0)


def _percent(had: int, count: int) -> str:
    return counted_percent(had / count)


def _query(like: Comparable, stage: str, at: str | None) -> str:
    where = f' WHERE "{stage}" = {literal(at)}' if at is not None else ""
    sums = "count(*) FILTER (alike), sum(had) FILTER (alike), count(*) FILTER (NOT alike), sum(had) FILTER (NOT alike)"
    return f"SELECT {sums} FROM (SELECT had, {like.sql} AS alike FROM 'settled.parquet'{where})"
