"""The strongest changed facts behind changes of probability, in words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.reasons.change import Change
from dealml.reasons.value_text import shown_values
from dealml.reasons.wording import Wording

MAX_REASONS = 3
"""Changed facts that are shown for each row."""
LEAST_POINTS = 0.005
"""Smaller parts are no reasons: they would round to 0 points."""


def strongest_moves(
    change: Change, before: pd.DataFrame, aged: pd.DataFrame, after: pd.DataFrame, wording: Wording
) -> list[list[tuple[float, str]]]:
    """What went on record and moved each row's probability most, the strongest first.

    A feature is shown only where its value differs from what the passage of time alone would have made it.

    Parameters
    ----------
    found
        The changes, taken apart by `dealml.reasons.change.change`.
    before, waited, after
        The tables that it was given.

    Returns
    -------
    list
        Of each row at most `MAX_REASONS` pairs of points (as shares of one) and a sentence.
    """
    strength = np.abs(change.facts) * np.column_stack([_differs(aged[name], after[name]) for name in change.names])
    order = np.argsort(-strength, axis=1, kind="stable")[:, :MAX_REASONS]
    rows, ranks = np.nonzero(np.take_along_axis(strength, order, axis=1) >= LEAST_POINTS)
    reasons = pd.DataFrame({"row": rows, "column": order[rows, ranks], "sentence": ""}, index=np.arange(len(rows)))
    for column in np.unique(order[rows, ranks]).tolist():
        cells = reasons[reasons["column"] == column]
        name, at = change.names[column], cells["row"].to_numpy()
        values = zip(*(shown_values(table[name].iloc[at]) for table in (before, aged, after)), change.facts[at, column], strict=True)
        reasons.loc[cells.index, "sentence"] = [wording.moved(name, *each) for each in values]
    moves: list[list[tuple[float, str]]] = [[] for _ in range(len(after))]
    for row, column, sentence in zip(reasons["row"], reasons["column"], reasons["sentence"], strict=True):
        moves[row].append((float(change.facts[row, column]), sentence))
    return moves


def _differs(aged: pd.Series, after: pd.Series) -> np.ndarray:
    left, right = aged.reset_index(drop=True), after.reset_index(drop=True)
    return ~((left == right) | (left.isna() & right.isna())).fillna(False).to_numpy(dtype=bool)
