"""Values of features as texts: short ones to read, exact ones to keep."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd


def shown_values(column: pd.Series) -> list[str | None]:
    """Values as short texts: whole and large numbers without decimals, others with three digits, none where unknown."""
    if pd.api.types.is_numeric_dtype(column):
        return [number(value) for value in column.to_numpy(dtype=np.float64, na_value=np.nan).tolist()]
    # As an array of objects first: iterating a column of Arrow's texts takes ten times as long.
    return [None if missing else str(value) for value, missing in zip(column.to_numpy(dtype=object), column.isna().to_numpy(), strict=True)]


def shown_value(column: pd.Series) -> Callable[[int], str | None]:
    """The same, for one row at a time: only a few of many rows and features are shown."""
    if pd.api.types.is_numeric_dtype(column):
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return lambda row: number(float(values[row]))
    return shown_values(column).__getitem__


def exact_values(column: pd.Series) -> list[str | None]:
    """Values as texts that lose nothing."""
    if pd.api.types.is_numeric_dtype(column):
        return [repr(value) if math.isfinite(value) else None for value in column.to_numpy(dtype=np.float64, na_value=np.nan).tolist()]
    return shown_values(column)


def number(value: float) -> str | None:
    """A number as a short text; None where it is not known."""
    if not math.isfinite(value):
        return None
    if value == round(value) or abs(value) >= 1000:
        return f"{value:.0f}"
    return f"{value:.3g}"
