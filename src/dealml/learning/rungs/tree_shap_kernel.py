"""The look-up of `tree_shap`, compiled: for each row and leaf, which conditions hold, and what the table says then."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from dealml.learning.rungs.lightgbm_text import MOST_NODES
from dealml.learning.rungs.rung import Floats

ROWS_A_BLOCK = 128
"""Rows that meet one tree after the other, so that its table stays at hand."""

_Words = npt.NDArray[np.uint64]


@numba.njit(cache=True)
def goes_left(value: float, threshold: float, is_categorical: bool, defaults_left: bool, missing: int, codes: Any) -> bool:
    """Where LightGBM sends a value at a split."""
    if is_categorical:
        return value > -1 and value < MOST_NODES and (codes >> np.uint64(int(value))) & np.uint64(1) == np.uint64(1)
    if np.isnan(value):
        if missing == 2:
            return defaults_left
        value = 0.0
    if missing == 1 and abs(value) <= 1e-35:
        return defaults_left
    return value <= threshold


@numba.njit(parallel=True, cache=True)
def look_up(
    matrix: Floats,
    first: Any,
    feature: Any,
    threshold: Floats,
    is_categorical: Any,
    defaults_left: Any,
    missing: Any,
    codes: _Words,
    in_tree: Any,
    of_leaf: Any,
    of_part: Any,
    conditions: _Words,
    left: _Words,
    at: Any,
    table: Floats,
    contributions: Floats,
) -> None:
    """Add each row's contributions to `found` (rows × features + 1); the other arrays are those of `Tables`."""
    unit, columns = np.uint64(1), matrix.shape[1]
    for block in numba.prange((len(matrix) + ROWS_A_BLOCK - 1) // ROWS_A_BLOCK):
        start = block * ROWS_A_BLOCK
        rows = min(ROWS_A_BLOCK, len(matrix) - start)
        # Columns lie together, so that a step is taken for many rows at once.
        values, parts = np.empty((columns, rows)), np.zeros((columns, rows))
        went_left, pattern = np.empty(rows, dtype=np.uint64), np.empty(rows, dtype=np.uint64)
        for row in range(rows):
            for column in range(columns):
                values[column, row] = matrix[start + row, column]
        for tree in range(len(first) - 1):
            went_left[:] = 0
            for node in range(first[tree], first[tree + 1]):
                value, bit = values[feature[node]], unit << np.uint64(node - first[tree])
                for row in range(rows):
                    if goes_left(value[row], threshold[node], is_categorical[node], defaults_left[node], missing[node], codes[node]):
                        went_left[row] |= bit
            for leaf in range(in_tree[tree], in_tree[tree + 1]):
                begin, end = of_leaf[leaf], of_leaf[leaf + 1]
                pattern[:] = 0
                for part in range(begin, end):
                    wanted, on, bit = conditions[part], left[part], np.uint64(end - begin) << np.uint64(part - begin)
                    for row in range(rows):
                        pattern[row] += bit if went_left[row] & wanted == on else np.uint64(0)
                for part in range(begin, end):
                    part_values, cell = parts[of_part[part]], np.uint64(at[leaf] + part - begin)
                    for row in range(rows):
                        part_values[row] += table[cell + pattern[row]]
        for row in range(rows):
            for column in range(columns):
                contributions[start + row, column] = parts[column, row]
