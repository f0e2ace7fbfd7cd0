"""A chunk has no more rows or characters than memory has room for."""

import pytest

from dealml.importing.files import chunk
from dealml.importing.files.chunk import BROKEN, UNDECODABLE, ReadRow, frame, in_blocks, in_chunks


def test_long_rows_make_small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunk, "MOST_CHARACTERS", 10)
    monkeypatch.setattr(chunk, "BLOCK", 1)
    rows = [ReadRow(n, ["x" * 6]) for n in range(5)]
    assert [len(part) for part in in_chunks(in_blocks(rows), {"a": 0})] == [2, 2, 1]


def test_a_cell_of_no_text_breaks_its_row_alone() -> None:
    found = frame([ReadRow(1, ["a"]), ReadRow(2, [f"b{UNDECODABLE}"])], {"a": 0})
    assert found["a"].tolist() == ["a", ""]
    assert found[BROKEN].notna().tolist() == [False, True]
