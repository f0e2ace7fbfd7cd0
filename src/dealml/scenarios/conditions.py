"""Conditions: a feature with one of its values, and the values of deals as codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dealml.errors import InputError
from dealml.scenarios.candidates import Codes

MISSING = -1
"""The code of a value that is missing."""


@dataclass(frozen=True, order=True)
class ScenarioCondition:
    """One part of a rule: a feature must have a value."""

    feature: str
    value: str

    def __str__(self) -> str:
        """As people read it: ``segment: Mid-market``."""
        return f"{self.feature.replace('_', ' ')}: {self.value}"


@dataclass(frozen=True)
class EncodedValues:
    """The values of deals, by feature, as codes."""

    names: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    """The value of each code of each feature."""
    codes: Codes
    """Array (n, k): a row a deal, a column a feature; `MISSING` where there is no value."""

    def condition(self, column: int, code: int) -> ScenarioCondition:
        """The condition of a column and a code."""
        return ScenarioCondition(self.names[column], self.values[column][code])


def encoded(values: pd.DataFrame) -> EncodedValues:
    """Number the values of each column; a column with fewer than two values is left out.

    Parameters
    ----------
    values
        What `as_texts` gives, or some of its rows.
    """
    columns = {name: values[name].astype("category") for name in values.columns}
    columns = {name: column for name, column in columns.items() if len(column.cat.categories) > 1}
    codes = [column.cat.codes.to_numpy(np.int64) for column in columns.values()]
    return EncodedValues(
        tuple(columns),
        tuple(tuple(map(str, column.cat.categories)) for column in columns.values()),
        np.column_stack(codes) if codes else np.zeros((len(values), 0), np.int64),
    )


def as_texts(table: pd.DataFrame, names: Sequence[str], bands: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """The values of features as texts: categories as they are, yes and no, the bands of numbers; missing values stay missing.

    Raises
    ------
    InputError
        When a feature is a number without bands, or no number and has bands.
    """
    return pd.DataFrame({name: _as_text(table[name], bands.get(name)) for name in names if name in table}, index=table.index)


def _as_text(column: pd.Series, bands: Mapping[str, float] | None) -> pd.Series:
    if not column.notna().any():
        return pd.Series(None, index=column.index, dtype=object)
    is_flag = pd.api.types.is_bool_dtype(column.dropna().infer_objects())
    is_number = pd.api.types.is_numeric_dtype(column) and not is_flag
    if is_number != (bands is not None):
        problem = "is a number; name its bands" if is_number else "is no number; it has no bands"
        raise InputError(f"models/scenarios.py: {column.name} {problem}")
    if bands is not None:
        return _banded(column.astype(float), bands)
    if is_flag:
        return column.map({True: "yes", False: "no"}).astype(object)
    return column.astype(object).where(column.notna(), None)


def _banded(numbers: pd.Series, bands: Mapping[str, float]) -> pd.Series:
    labels = np.array([None, *bands], dtype=object)
    texts = labels[np.searchsorted(list(bands.values()), numbers.to_numpy(), side="right")]
    return pd.Series(texts, index=numbers.index, dtype=object).where(numbers.notna(), None)
