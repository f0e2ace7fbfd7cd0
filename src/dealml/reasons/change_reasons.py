"""The strongest changed facts behind changes of probability, in words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.reasons.change import Change
from dealml.reasons.value_text import shown_values
from dealml.reasons.wording import Wording

MOST = 3
"""Changed facts that are told of each row."""
LEAST_POINTS = 0.005
"""Smaller parts are no reasons: they would round to 0 points."""


def strongest_moves(
    found: Change, before: pd.DataFrame, waited: pd.DataFrame, after: pd.DataFrame, wording: Wording
) -> list[list[tuple[float, str]]]:
    """What went on record and moved each row's probability most, the strongest first.

    A feature is told only where its value is another one than the passage of time alone would have made it.

    Parameters
    ----------
    found
        The changes, taken apart by `dealml.reasons.change.change`.
    before, waited, after
        The tables that it was given.

    Returns
    -------
    list
        Of each row at most `MOST` pairs of points (as shares of one) and a sentence.
    """
    strength = np.abs(found.facts) * np.column_stack([_differs(waited[name], after[name]) for name in found.names])
    order = np.argsort(-strength, axis=1, kind="stable")[:, :MOST]
    rows, ranks = np.nonzero(np.take_along_axis(strength, order, axis=1) >= LEAST_POINTS)
    told = pd.DataFrame({"row": rows, "place": order[rows, ranks], "sentence": ""}, index=np.arange(len(rows)))
    for place in np.unique(order[rows, ranks]).tolist():
        cells = told[told["place"] == place]
        name, at = found.names[place], cells["row"].to_numpy()
        values = zip(*(shown_values(table[name].iloc[at]) for table in (before, waited, after)), found.facts[at, place], strict=True)
        told.loc[cells.index, "sentence"] = [wording.moved(name, *each) for each in values]
    moves: list[list[tuple[float, str]]] = [[] for _ in range(len(after))]
    for row, place, sentence in zip(told["row"], told["place"], told["sentence"], strict=True):
        moves[row].append((float(found.facts[row, place]), sentence))
    return moves


def _differs(waited: pd.Series, after: pd.Series) -> np.ndarray:
    one, other = waited.reset_index(drop=True), after.reset_index(drop=True)
    return ~((one == other) | (one.isna() & other.isna())).fillna(False).to_numpy(dtype=bool)
