"""The strongest reasons of each score, and what groups of features add up to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.learning.encoding import HORIZON
from dealml.learning.fitted import Explained, FittedModel
from dealml.reasons.value_text import shown_value
from dealml.reasons.wording import Wording

MAX_REASONS = 8
"""Reasons kept with a score; all contributions can be exported."""
LED = 3
"""The leading feature of this many subjects, those that add most, is always among the reasons: what many features
tell, each of them a little, would go unnamed else."""

Floats = npt.NDArray[np.float64]


def reasons_of(model: FittedModel, table: pd.DataFrame, explained: Explained, wording: Wording) -> list[list[dict[str, object]]]:
    """The strongest reasons of each row, strongest first.

    Parameters
    ----------
    table
        Feature table with `horizon_days`, one row for each score.
    explained
        What the model said of those rows.
    """
    names = model.schema.names
    shown = [shown_value(table[name]) for name in names]
    parts = explained.log_odds.copy()
    parts[:, names.index(HORIZON)] = 0.0  # how long a deal is given says nothing about the deal
    strength, strongest = np.abs(parts), _strongest(parts, [wording.meaning(name).subject for name in names])
    sentences: dict[tuple[str, str | None], str] = {}

    def reason(row: int, column: int) -> dict[str, object]:
        name, value = names[column], shown[column](row)
        if (name, value) not in sentences:
            sentences[name, value] = wording.sentence(name, value)
        return {
            "feature": name,
            "value": value,
            "log_odds": float(explained.log_odds[row, column]),
            "points": float(explained.points[row, column]),
            "sentence": sentences[name, value],
        }

    return [[reason(row, column) for column in strongest[row] if strength[row, column] > 0] for row in range(len(table))]


def _strongest(parts: Floats, subjects: list[str]) -> npt.NDArray[np.intp]:
    """The places of each row's reasons, strongest first: the leads of the strongest subjects, and the strongest of all others."""
    rows, strength = np.arange(len(parts)), np.abs(parts)
    subject_names = sorted(set(subjects) - {""})
    columns_of = [np.flatnonzero([subject == name for subject in subjects]) for name in subject_names]
    sums = np.column_stack([parts[:, places].sum(axis=1) for places in columns_of]) if columns_of else np.empty((len(parts), 0))
    rank = np.argsort(np.argsort(-np.abs(sums), axis=1, kind="stable"), axis=1)
    leads = np.zeros(parts.shape, dtype=bool)
    for index, places in enumerate(columns_of):
        lead = places[np.argmax(parts[:, places] * np.sign(sums[:, index])[:, None], axis=1)]
        leads[rows, lead] |= rank[:, index] < LED
    chosen = np.lexsort((-strength, ~leads), axis=1)[:, :MAX_REASONS]
    return np.take_along_axis(chosen, np.argsort(-np.take_along_axis(strength, chosen, axis=1), axis=1, kind="stable"), axis=1)


@dataclass(frozen=True)
class SubjectContribution:
    """What the features of one subject add to a probability together."""

    subject: str
    log_odds: float
    points: float
    money: float | None = None
    """Its part of the money at stake; None where there is none."""


def groups_of(
    names: list[str], log_odds: npt.NDArray[np.float64], points: npt.NDArray[np.float64], wording: Wording, amount: float | None = None
) -> list[SubjectContribution]:
    """One row's contributions by subject, the largest first; their sums are the row's.

    Parameters
    ----------
    names
        The features, as in the model's schema.
    log_odds, points
        One row's contributions.
    amount
        The money at stake.
    """
    frame = pd.DataFrame({"subject": [wording.meaning(name).subject for name in names], "log_odds": log_odds, "points": points})
    sums = frame.groupby("subject", sort=True)[["log_odds", "points"]].sum()
    ordered = sums.iloc[np.argsort(-sums["points"].abs().to_numpy(), kind="stable")]
    parts = [(str(subject), float(row["log_odds"]), float(row["points"])) for subject, row in ordered.iterrows()]
    return [SubjectContribution(*part, money=None if amount is None else part[-1] * amount) for part in parts]
