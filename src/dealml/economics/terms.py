"""Terms: what an expected value is made of, each with an interval and where it is from, an element for each case."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dealml.economics.look_alikes import Floats, LookAlikeEstimate

Texts = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Term:
    """One term of all cases; nan is unknown."""

    value: Floats
    low: Floats
    high: Floats
    """An 80 % interval; nan where the value is on record or declared."""
    source: Texts
    """Where each value is from, in words; of an unknown one, what is missing."""

    def where(self, holds: npt.NDArray[np.bool_], other: Term) -> Term:
        """The term where a condition holds, another one elsewhere."""
        pairs = ((getattr(self, name), getattr(other, name)) for name in ("value", "low", "high", "source"))
        return Term(*(np.where(holds, mine, theirs) for mine, theirs in pairs))

    def or_else(self, other: Term) -> Term:
        """The term where it is known, another one elsewhere."""
        return self.where(np.isfinite(self.value), other)

    def times(self, factor: Floats) -> Term:
        """The term multiplied by a number on record that is 0 or more."""
        return Term(self.value * factor, self.low * factor, self.high * factor, self.source)

    def sourced_from(self, source: Texts) -> Term:
        """The term with other words for its source."""
        return Term(self.value, self.low, self.high, source)

    def __add__(self, other: Term) -> Term:
        """The sum of two independent terms; its source is that of the first one."""
        value = self.value + other.value
        half = np.sqrt(np.nan_to_num(self.half_width) ** 2 + np.nan_to_num(other.half_width) ** 2)
        half = np.where(np.isnan(self.half_width) & np.isnan(other.half_width), np.nan, half)
        return Term(value, value - half, value + half, self.source)

    @property
    def half_width(self) -> Floats:
        """Half of the interval."""
        return np.asarray((self.high - self.low) / 2)


def certain(value: Floats, source: Texts | str) -> Term:
    """A term without an interval."""
    value = np.asarray(value, dtype=np.float64)
    texts = np.full(len(value), source, dtype=object) if isinstance(source, str) else source
    return Term(value, np.full(len(value), np.nan), np.full(len(value), np.nan), texts)


def missing(count: int, what: str) -> Term:
    """A term that is unknown."""
    return certain(np.full(count, np.nan), f"missing: {what}")


def declared(count: int, value: float | None, key: str, what: str) -> Term:
    """A term that people declare, or an unknown one where they do not: `what` is missing then."""
    if value is None:
        return missing(count, f"{what}; declare {key} in models/economics.toml where you know it")
    return certain(np.full(count, value), f"declared: {key}")


def learned(estimate: LookAlikeEstimate, least: float = -np.inf, most: float = np.inf) -> Term:
    """What look-alikes say, its interval cut to what is possible."""
    low, high = np.clip(estimate.low, least, most), np.clip(estimate.high, least, most)
    return Term(estimate.value, low, high, sourced(estimate.level, estimate.cases))


def sourced(level: Texts, cases: npt.NDArray[np.int64]) -> Texts:
    """Which look-alikes spoke, in words, such as ``look-alikes by segment, n=120``."""
    pairs = zip(level.tolist(), cases.tolist(), strict=True)
    return np.array([f"look-alikes: {_like(name)}, n={count}" for name, count in pairs], dtype=object)


def _like(level: str) -> str:
    return "the whole company" if level == "company" else f"same {level.replace(', ', ' and ')}"
