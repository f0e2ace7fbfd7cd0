"""JSON Lines are read as the texts that are written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from dealml.importing.files.chunk import BROKEN
from dealml.importing.files.json_lines_file import json_chunks, json_columns
from dealml.importing.mapping.csv_form import Csv


def rows(folder: Path, text: str) -> list[list[Any]]:
    """Cells and what is wrong, row by row."""
    path = folder / "t.jsonl"
    path.write_text(text, encoding="utf-8")
    columns = json_columns(path, Csv())
    return (
        pd.concat(json_chunks(path, Csv(), columns))[[*columns, BROKEN]].astype(object).where(lambda f: f.notna(), None).to_numpy().tolist()
    )


def test_values_are_the_texts_that_are_written(tmp_path: Path) -> None:
    assert rows(tmp_path, '{"id": 123, "n": 1.50}\n\n{"n": 12345678901234567890.5, "id": "007", "x": true}\n{"id": null}\n') == [
        ["123", "1.50", "", None],
        ["007", "12345678901234567890.5", "true", None],
        ["", "", "", None],
    ]


def test_a_line_that_is_no_object_breaks_no_other(tmp_path: Path) -> None:
    found = rows(tmp_path, '{"id": "1"}\n{"id": \n[1]\n{"id": [2]}\n{"id": 1, "id": 2}\n{"id": NaN}\n{"id": "\\ud800"}\n{"id": "3"}\n')
    assert [row[0] for row in found] == ["1", "", "", "", "", "", "", "3"]
    assert [bool(row[1]) for row in found] == [False, *[True] * 6, False]
    assert found[3][1] == "id is a list or an object, not a value"
