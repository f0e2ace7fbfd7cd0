"""The strongest reasons of each score, and what groups of features add up to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.learning.fitted import Explained, FittedModel
from dealml.learning.matrix import HORIZON
from dealml.reasons.values import shown_values
from dealml.reasons.wording import Wording

MOST = 8
"""Reasons kept with a score; all contributions can be exported."""


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
    values = {name: shown_values(table[name]) for name in names}
    strength = np.abs(explained.log_odds).copy()
    strength[:, names.index(HORIZON)] = -1.0  # how long a deal is given says nothing about the deal
    strongest = np.argsort(-strength, axis=1, kind="stable")[:, :MOST]
    said: dict[tuple[str, str | None], str] = {}

    def reason(row: int, place: int) -> dict[str, object]:
        name, value = names[place], values[names[place]][row]
        if (name, value) not in said:
            said[name, value] = wording.sentence(name, value)
        return {
            "feature": name,
            "value": value,
            "log_odds": float(explained.log_odds[row, place]),
            "points": float(explained.points[row, place]),
            "sentence": said[name, value],
        }

    return [[reason(row, place) for place in strongest[row] if strength[row, place] > 0] for row in range(len(table))]


@dataclass(frozen=True)
class Group:
    """What the features of one subject add to a probability together."""

    subject: str
    log_odds: float
    points: float


def groups_of(names: list[str], log_odds: npt.NDArray[np.float64], points: npt.NDArray[np.float64], wording: Wording) -> list[Group]:
    """One row's contributions by subject, the largest first; their sums are the row's.

    Parameters
    ----------
    names
        The features, as in the model's schema.
    log_odds, points
        One row's contributions.
    """
    frame = pd.DataFrame({"subject": [wording.meaning(name).subject for name in names], "log_odds": log_odds, "points": points})
    sums = frame.groupby("subject", sort=True)[["log_odds", "points"]].sum()
    ordered = sums.iloc[np.argsort(-sums["points"].abs().to_numpy(), kind="stable")]
    return [Group(str(subject), float(row["log_odds"]), float(row["points"])) for subject, row in ordered.iterrows()]
