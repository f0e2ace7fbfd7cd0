"""From a feature table to the numbers that a learner takes, always in the same columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

HORIZON = "horizon_days"
MOST_CATEGORIES = 60
MOST_EXAMPLES = 3
"""How many unseen texts are shown."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Field:
    """A column of the matrix: a number, or a text with the categories that are told apart."""

    name: str
    categories: tuple[str, ...] | None = None

    @property
    def is_text(self) -> bool:
        """Whether the feature is a text."""
        return self.categories is not None


@dataclass(frozen=True)
class UnseenTexts:
    """Texts of a feature that training did not tell apart: they count as missing."""

    rows: int
    """How many rows hold one."""
    examples: tuple[str, ...]
    """The most frequent ones."""


@dataclass(frozen=True)
class Schema:
    """The columns of a matrix; the horizon is the last."""

    fields: tuple[Field, ...]
    dropped: tuple[str, ...] = ()
    """Features that had one value or none in training."""

    @property
    def names(self) -> list[str]:
        """The features' names, in order."""
        return [field.name for field in self.fields]

    def encode(self, table: pd.DataFrame) -> Floats:
        """The matrix of a feature table that has `horizon_days`: rows × features, missing as NaN.

        Columns are taken by name, so their order in the table has no part in it. Texts become the
        place of their category; a text that training did not know becomes missing.
        """
        return _encoded(table, self.fields)

    def encode_at(self, table: pd.DataFrame, horizons: Sequence[int]) -> Floats:
        """The matrix of a feature table with each row once for each horizon: (rows · horizons) × features."""
        matrix = np.empty((len(table) * len(horizons), len(self.fields)), dtype=np.float64)
        matrix[:, :-1] = np.repeat(_encoded(table, self.fields[:-1]), len(horizons), axis=0)
        matrix[:, -1] = np.tile(np.array(horizons, dtype=np.float64), len(table))
        return matrix

    def unseen(self, table: pd.DataFrame) -> dict[str, UnseenTexts]:
        """By feature: the texts that training did not tell apart, where a row holds one."""
        texts = {f.name: table[f.name][table[f.name].notna() & ~table[f.name].isin(f.categories)] for f in self.fields if f.categories}
        return {name: UnseenTexts(len(unknown), _categories(unknown)[:MOST_EXAMPLES]) for name, unknown in texts.items() if len(unknown)}


def _encoded(table: pd.DataFrame, fields: Sequence[Field]) -> Floats:
    matrix = np.empty((len(table), len(fields)), dtype=np.float64)
    for index, field in enumerate(fields):
        matrix[:, index] = _codes(table[field.name], field.categories) if field.categories is not None else _numbers(table[field.name])
    return matrix


def schema_of(table: pd.DataFrame, names: Sequence[str]) -> Schema:
    """The schema of a training table.

    Parameters
    ----------
    table
        One row for each snapshot.
    names
        The features to use; those without two different values are dropped.
    """
    varied = [name for name in names if table[name].nunique() + table[name].isna().any() > 1]
    fields = [Field(name, _categories(table[name]) if _is_text(table[name]) else None) for name in varied]
    return Schema((*fields, Field(HORIZON)), tuple(name for name in names if name not in varied))


def _is_text(column: pd.Series) -> bool:
    return pd.api.types.is_string_dtype(column) or column.dtype == object


def _categories(column: pd.Series) -> tuple[str, ...]:
    """The most frequent texts, ties in the order of the alphabet."""
    counts = column.value_counts()
    ranked = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    return tuple(str(text) for text, _ in ranked[:MOST_CATEGORIES])


def _codes(column: pd.Series, categories: tuple[str, ...]) -> Floats:
    codes = pd.Index(categories, dtype="str").get_indexer(pd.Index(column)).astype(np.float64)
    return np.where(codes < 0, np.nan, codes)


def _numbers(column: pd.Series) -> Floats:
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)
