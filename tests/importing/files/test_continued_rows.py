"""Rows that continue the one above have its cells."""

from __future__ import annotations

import pandas as pd
import pytest

from dealml.importing.files.chunk import BROKEN, LINE
from dealml.importing.files.continued_rows import continued

ROWS = pd.DataFrame(
    {"id": ["1", "", "", "2", "", ""], "tag": ["Hot", "Export", "", "", "", "Cold"], "x": ["a", "", "b", "c", "", ""], BROKEN: [None] * 6},
    dtype="str",
)
ROWS[LINE] = range(2, 8)


@pytest.mark.parametrize("size", [1, 2, 6])
def test_empty_cells_come_from_the_first_row_of_the_record(size: int) -> None:
    chunks = [ROWS.iloc[start : start + size].reset_index(drop=True) for start in range(0, 6, size)]
    found = pd.concat(continued(chunks, "id"))
    assert found[["id", "tag", "x", LINE]].to_numpy().tolist() == [
        ["1", "Hot", "a", 2],
        ["1", "Export", "a", 2],
        ["1", "Hot", "b", 2],
        ["2", "", "c", 5],
        ["2", "", "c", 5],
        ["2", "Cold", "c", 5],
    ]


def test_what_continues_a_broken_row_is_broken() -> None:
    rows = ROWS.copy()
    rows.loc[3, [BROKEN, "id"]] = ["no row", ""]
    (found,) = continued([rows], "id")
    assert found[BROKEN].notna().tolist() == [False, False, False, True, True, True]
