"""Workbooks are read as what a person sees, with every digit."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dealml.errors import InputError
from dealml.importing.files.excel_file import excel_chunks, excel_columns
from dealml.importing.mapping.csv_form import Csv
from dealml.importing.notes import Notes


def book(folder: Path, *rows: list[Any]) -> Path:
    """A workbook of one sheet."""
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(folder / "t.xlsx")
    return folder / "t.xlsx"


def first(path: Path, form: Csv = Csv()) -> list[Any]:  # noqa: B008  (frozen)
    """The cells of the first row."""
    columns = excel_columns(path, form)
    return next(excel_chunks(path, form, columns, Notes()))[columns].iloc[0].tolist()


def test_numbers_times_and_flags_become_text(tmp_path: Path) -> None:
    moment, day = datetime(2026, 1, 5, 9, 30), datetime(2026, 1, 5)
    path = book(tmp_path, list("abcdefg"), [123, 123.0, 0.1 + 0.2, True, moment, day, None])
    workbook = openpyxl.load_workbook(path)
    workbook.active["F2"].number_format = "yyyy-mm-dd"
    workbook.save(path)
    assert first(path) == ["123", "123", "0.3", "true", "2026-01-05 09:30:00", "2026-01-05", ""]
    assert first(path, Csv(decimal=","))[2] == "0,3"


def test_digits_that_a_workbook_does_not_hold_are_not_made_up(tmp_path: Path) -> None:
    assert first(book(tmp_path, ["id"], [12345678901234567890])) == ["1.23456789012346E+19"]


def test_blank_rows_and_footers_are_no_rows(tmp_path: Path) -> None:
    path, notes = book(tmp_path, ["a", "b"], [1, 2], [None, None], ["Confidential Information"]), Notes()
    (chunk,) = excel_chunks(path, Csv(), ["a", "b"], notes)
    assert chunk[["a", "b"]].to_numpy().tolist() == [["1", "2"]]
    assert [(note.kind, note.count) for note in notes.listed] == [("footer", 1)]


def test_what_is_no_workbook_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(b"PK no zip")
    with pytest.raises(InputError, match=r"t\.xlsx: cannot be read as a workbook \(File is not a zip file\)"):
        excel_columns(path, Csv())
    with pytest.raises(InputError, match="cannot be read as a workbook .*Other"):
        excel_columns(book(tmp_path, ["a"]), Csv(sheet="Other"))
