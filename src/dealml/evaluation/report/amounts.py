"""The money at stake in each row, in the project's currency."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.learning.spec import Shown
from dealml.learning.training_rows import TrainingRows

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Amounts:
    """The money at stake in each row, nan where it is not known in the project's currency."""

    values: Floats
    currency: str
    """Empty where the project's currency is not known."""

    @property
    def counted(self) -> Floats:
        """The values as they are added up: an unknown or negative amount counts as 0."""
        return np.nan_to_num(np.maximum(self.values, 0.0))

    @property
    def unknown(self) -> int:
        """How many rows have no amount in the project's currency."""
        return int(np.isnan(self.values).sum())


def amounts_of(rows: TrainingRows, shown: Shown, currency: str = "") -> Amounts | None:
    """The money of each row: converted, or else where it is in the project's currency anyway.

    None where no row has any.
    """
    table = rows.snapshots
    values = _numbers(table, shown.amount_converted)
    if shown.currency in table and currency:
        is_own_currency = np.asarray((table[shown.currency] == currency).fillna(False), dtype=np.bool_)
        values = np.where(np.isnan(values) & is_own_currency, _numbers(table, shown.amount), values)
    at_stake = values[rows.snapshot_index]
    return None if np.isnan(at_stake).all() else Amounts(at_stake, currency)


def _numbers(table: pd.DataFrame, name: str) -> Floats:
    if name not in table:
        return np.full(len(table), np.nan)
    values = table[name].to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)
