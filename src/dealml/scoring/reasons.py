"""Reasons: a feature's part in a probability, as a sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.features.definition import Feature
from dealml.learning.fitted import Explained, FittedModel
from dealml.learning.matrix import HORIZON

MOST = 8
"""Reasons kept with a score; all contributions can be exported."""

_HORIZON_MEANING = "Days that the deal or account is given"


@dataclass(frozen=True)
class Meaning:
    """What a reason's sentence is made of."""

    text: str
    unit: str


def meanings(features: Sequence[Feature]) -> dict[str, Meaning]:
    """What each feature means, by name."""
    return {f.name: Meaning(f.meaning.rstrip("."), f.unit) for f in features} | {HORIZON: Meaning(_HORIZON_MEANING, "days")}


def reasons_of(model: FittedModel, table: pd.DataFrame, explained: Explained, says: dict[str, Meaning]) -> list[list[dict[str, object]]]:
    """The strongest reasons of each row, strongest first.

    Parameters
    ----------
    table
        Feature table with `horizon_days`, one row for each score.
    explained
        What the model said of those rows.
    says
        From `meanings`.
    """
    names = model.schema.names
    values = {name: shown_values(table[name]) for name in names}
    strength = np.abs(explained.log_odds).copy()
    strength[:, names.index(HORIZON)] = -1.0  # how long a deal is given says nothing about the deal
    strongest = np.argsort(-strength, axis=1, kind="stable")[:, :MOST]
    return [
        [
            _reason(names[f], values[names[f]][row], explained.log_odds[row, f], explained.points[row, f], says)
            for f in strongest[row]
            if strength[row, f] > 0
        ]
        for row in range(len(table))
    ]


def _reason(name: str, value: str | None, log_odds: float, points: float, says: dict[str, Meaning]) -> dict[str, object]:
    return {
        "feature": name,
        "value": value,
        "log_odds": float(log_odds),
        "points": float(points),
        "sentence": sentence(says.get(name, Meaning(name, "")), value),
    }


def sentence(meaning: Meaning, value: str | None) -> str:
    """A reason in words: what it is, and its value. How far it moves the probability stands beside it."""
    if value is None:
        return f"{meaning.text}: not known"
    return f"{meaning.text}: {_as_share(value) if meaning.unit == 'share' else _grouped(value, meaning.unit) + _unit(meaning.unit)}"


def _unit(unit: str) -> str:
    """A unit that reads well behind a number; scales and texts explain themselves in the meaning."""
    return f" {unit}" if unit and unit.replace(" ", "").isalpha() and unit not in ("text", "yes or no", "ratio", "place") else ""


def _as_share(value: str) -> str:
    return f"{float(value) * 100:.0f} %"


def _grouped(value: str, unit: str) -> str:
    """A large number with its thousands set apart; a text of digits, such as a postcode, has no unit."""
    return f"{int(value):,}" if unit and value.isascii() and value.isdigit() else value


def shown_values(column: pd.Series) -> list[str | None]:
    """Values as short texts: whole and large numbers without decimals, others with three digits, none where unknown."""
    if pd.api.types.is_numeric_dtype(column):
        return [_number(value) for value in column.to_numpy(dtype=np.float64, na_value=np.nan)]
    return [None if missing else str(value) for value, missing in zip(column, column.isna(), strict=True)]


def exact_values(column: pd.Series) -> list[str | None]:
    """Values as texts that lose nothing."""
    if pd.api.types.is_numeric_dtype(column):
        return [repr(value) if math.isfinite(value) else None for value in column.to_numpy(dtype=np.float64, na_value=np.nan).tolist()]
    return shown_values(column)


def _number(value: np.float64) -> str | None:
    if not np.isfinite(value):
        return None
    if value == np.round(value) or abs(value) >= 1000:
        return f"{value:.0f}"
    return f"{value:.3g}"


def long_form(model: FittedModel, table: pd.DataFrame, matrix: npt.NDArray[np.float64], points: npt.NDArray[np.float64]) -> pd.DataFrame:
    """Every contribution of every score: a row for each (score, feature)."""
    names = model.schema.names
    keys = table[[model.entity, "as_of", HORIZON]].rename(columns={model.entity: "entity_id"})
    repeated = keys.loc[keys.index.repeat(len(names))].reset_index(drop=True)
    values = np.array([exact_values(table[name]) for name in names], dtype=object).T.reshape(-1)
    return repeated.assign(
        feature=np.tile(np.array(names, dtype=object), len(table)), value=values, log_odds=matrix.reshape(-1), points=points.reshape(-1)
    )
