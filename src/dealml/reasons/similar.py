"""Similar cases of the past: those that fall into the same leaves of the model's trees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.learning.fitted import FittedModel
from dealml.learning.rungs import Blend
from dealml.reasons.evidence import comparable_of
from dealml.reasons.value_text import shown_values
from dealml.reasons.wording import Wording

MAX_CASES = 10
TOLD = 3
"""Features named of what two have in common, and of what sets them apart."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Similar:
    """A case of the past that is like the one asked about."""

    entity_id: str
    as_of: datetime
    """The moment at which it was most alike."""
    similarity: float
    """0 to 1: the share of the model's trees that put both into one leaf; without trees, how near their contributions lie."""
    had: bool
    """Whether it came to the outcome."""
    days: int | None
    """From its beginning to its end."""
    common: tuple[str, ...]
    """Its strongest features that are alike, in words."""
    apart: tuple[str, ...]
    """What moves its probability most differently, in words."""


def similar(model: FittedModel, row: pd.DataFrame, past: pd.DataFrame, wording: Wording) -> list[Similar]:
    """The nearest cases of the past, each once, the most alike first.

    Parameters
    ----------
    row
        The one asked about, with its features.
    past
        Comparable cases, from `Past.comparable`.
    """
    if past.empty:
        return []
    past = past[past[model.entity] != row[model.entity].iloc[0]].reset_index(drop=True)
    both = pd.concat([row[past.columns.intersection(row.columns)], past], ignore_index=True)
    matrix = model.schema.encode_at(both, [model.main_horizon])
    parts = model.rung.contributions(matrix)[:, :-2]
    nearness = _nearness(model, matrix, parts)
    order = np.argsort(-nearness, kind="stable")
    nearest = past.iloc[order].drop_duplicates(model.entity).index[:MAX_CASES]
    return [_similar(model, row, past, index, nearness[index], parts, wording) for index in nearest]


def _nearness(model: FittedModel, matrix: Floats, parts: Floats) -> Floats:
    """How alike the first row is to each of the others."""
    if isinstance(model.rung, Blend):
        leaves = np.atleast_2d(np.asarray(model.rung.boosted.booster.predict(matrix, pred_leaf=True)))
        return np.asarray((leaves[1:] == leaves[0]).mean(axis=1), dtype=np.float64)
    return np.asarray(1 / (1 + np.abs(parts[1:] - parts[0]).sum(axis=1)))


def _similar(
    model: FittedModel, row: pd.DataFrame, past: pd.DataFrame, index: int, nearness: float, parts: Floats, wording: Wording
) -> Similar:
    names, other = model.schema.names[:-1], past.iloc[[index]]
    row_parts, past_parts = parts[0], parts[index + 1]
    alike = [name for name in _by(names, np.minimum(np.abs(row_parts), np.abs(past_parts))) if _is_alike(name, row, past, index)]
    apart = [name for name in _by(names, np.abs(row_parts - past_parts)) if not _is_alike(name, row, past, index)]

    def sentences(features: list[str]) -> tuple[str, ...]:
        return tuple(wording.sentence(name, shown_values(other[name])[0]) for name in features[:TOLD])

    ended = other["ended_at"].iloc[0] if "ended_at" in other else None
    days = None if ended is None or pd.isna(ended) else (ended - other["since"].iloc[0]).days
    at = other["as_of"].iloc[0].to_pydatetime()
    return Similar(
        str(other[model.entity].iloc[0]), at, float(nearness), bool(other["had"].iloc[0]), days, sentences(alike), sentences(apart)
    )


def _by(names: list[str], strength: Floats) -> list[str]:
    return [names[index] for index in np.argsort(-strength, kind="stable") if strength[index] > 0]


def _is_alike(name: str, row: pd.DataFrame, past: pd.DataFrame, index: int) -> bool:
    return bool(comparable_of(name, row[name].iloc[0], past[name]).holds(past[name].iloc[[index]])[0])
