"""Regions of a feature's values: missing, a text, a frequent number, a range. Searches count entities in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

MISSING = 0
"""The code of what is missing."""
MOST_TEXTS = 60
MOST_FREQUENT = 25
FREQUENT = 0.005
"""A number that stands in such a share of the rows is a region of its own."""
QUANTILES = (0.005, 0.01, 0.02, *(step / 20 for step in range(1, 20)), 0.98, 0.99, 0.995)


@dataclass(frozen=True)
class BinnedColumn:
    """A feature's values as small codes, and the regions that codes make up."""

    name: str
    codes: Ints
    labels: tuple[str, ...]
    """What each code stands for; the first is missing."""
    members: Flags
    """Codes × regions: which codes lie in a region."""
    numbers: Floats | None
    """The values of a number; None for a text."""
    texts: Ints | None = None
    """Every different text as a number of its own, -1 where there is none; None for a number."""

    @property
    def size(self) -> int:
        """How many codes there are."""
        return len(self.labels)

    def region(self, index: int) -> str:
        """The description of a region."""
        codes = np.flatnonzero(self.members[:, index])
        if len(codes) == self.size - 1 and MISSING not in codes:
            return "a value"
        return self.labels[codes[0]] if len(codes) == 1 else f"{self.labels[codes[0]]} … {self.labels[codes[-1]]}"

    def is_missingness(self, index: int) -> bool:
        """Whether a region is that there is no value, or that there is any."""
        return bool(self.members[MISSING, index]) or bool(self.members[1:, index].all())

    @cached_property
    def varies(self) -> bool:
        """Whether there are two different values."""
        return len(np.unique(self.codes)) > 1


def tally(codes: Ints, size: int, weights: Floats | None = None) -> Floats:
    """How many rows, or how much weight of them, have each code."""
    return np.bincount(codes, weights, minlength=size).astype(np.float64)


def is_text(values: pd.Series) -> bool:
    """Whether a feature is a text."""
    return pd.api.types.is_string_dtype(values) or values.dtype == object


def column_of(name: str, values: pd.Series) -> BinnedColumn:
    """Cut a feature's values into codes and regions."""
    if is_text(values):
        return _texts(name, values)
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    return numbers_column(name, np.where(np.isfinite(numbers), numbers, np.nan))


def _texts(name: str, values: pd.Series) -> BinnedColumn:
    text_codes, texts = pd.factorize(values)
    counts = np.bincount(text_codes[text_codes >= 0], minlength=len(texts))
    # Ties in the order of the alphabet, so that the order of rows has no part in it.
    ranked = sorted(range(len(texts)), key=lambda index: (-counts[index], str(texts[index])))[:MOST_TEXTS]
    code_of = np.full(len(texts) + 1, len(ranked) + 1, dtype=np.intp)
    code_of[ranked], code_of[-1] = np.arange(1, len(ranked) + 1), MISSING
    labels = ("missing", *(f"'{texts[index]}'" for index in ranked), *(["a rare text"] if len(texts) > len(ranked) else []))
    present = np.arange(len(labels)) != MISSING
    return BinnedColumn(name, code_of[text_codes], labels, np.column_stack([np.eye(len(labels), dtype=bool), present]), None, text_codes)


def numbers_column(name: str, numbers: Floats) -> BinnedColumn:
    """Cut numbers at quantiles and around frequent values; regions are the cells, and all below or above a cut."""
    cuts = _cuts(numbers)
    codes = np.where(np.isnan(numbers), MISSING, 1 + np.searchsorted(cuts, numbers, side="left")).astype(np.intp)
    size = len(cuts) + 2
    labels = ("missing", *_ranges(cuts))
    cells, index = np.eye(size, dtype=bool), np.arange(size)[:, None]
    inner = np.arange(2, size - 1)[None, :]
    below, above, present = (index >= 1) & (index < inner), index >= inner, index >= 1
    return BinnedColumn(name, codes, labels, np.column_stack([cells, below, above, present]), numbers)


def _cuts(numbers: Floats) -> Floats:
    present = numbers[~np.isnan(numbers)]
    if not len(present):
        return np.empty(0)
    values, counts = np.unique(present, return_counts=True)
    frequent = values[np.argsort(-counts, kind="stable")[:MOST_FREQUENT]]
    frequent = frequent[counts[np.searchsorted(values, frequent)] >= FREQUENT * len(numbers)]
    quantiles = values[np.searchsorted(np.cumsum(counts), np.array(QUANTILES) * len(present), side="left")]
    sign = [cut for cut in (np.nextafter(0.0, -1.0), 0.0) if values[0] <= cut < values[-1]]
    return np.unique(np.concatenate([quantiles, sign, frequent, np.nextafter(frequent, -np.inf)]))


def _ranges(cuts: Floats) -> list[str]:
    if not len(cuts):
        return ["any number"]
    return [f"up to {cuts[0]:g}", *map(_range, cuts[:-1], cuts[1:]), f"above {cuts[-1]:g}"]


def _range(low: float, high: float) -> str:
    """What lies above one cut and not above the next, which may be a single number."""
    return f"{low:g} to {high:g}" if high > np.nextafter(low, np.inf) else f"{high:g}"
