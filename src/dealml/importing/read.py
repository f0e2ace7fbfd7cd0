"""Reading source files as text, in chunks, with the line of every row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from dealml.errors import InputError
from dealml.importing.files.chunk import BROKEN, CONTENT, LINE
from dealml.importing.files.continued_rows import continued
from dealml.importing.files.csv_file import csv_chunks, csv_columns
from dealml.importing.files.excel_file import excel_chunks, excel_columns
from dealml.importing.files.json_lines_file import json_chunks, json_columns
from dealml.importing.files.parquet_file import parquet_chunks, parquet_columns
from dealml.importing.mapping.csv_form import Csv
from dealml.importing.notes import Notes

__all__ = ["BROKEN", "CONTENT", "LINE", "columns_of", "read_chunks"]

_JSON_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")


def columns_of(path: Path, form: Csv) -> list[str]:
    """The names of a file's columns.

    Raises
    ------
    InputError
        When the file is missing, empty, of another encoding or not a table.
    """
    _require_file(path)
    if path.suffix == ".parquet":
        return parquet_columns(path)
    if path.suffix == ".xlsx":
        return excel_columns(path, form)
    return json_columns(path, form) if path.name.endswith(_JSON_LINES) else csv_columns(path, form)


def read_chunks(path: Path, form: Csv, columns: Sequence[str] | None = None, notes: Notes | None = None) -> Iterator[pd.DataFrame]:
    """The rows of a file, every cell as text; its name's ending says what kind of file it is, and CSV is what others are.

    Parameters
    ----------
    columns
        The columns to read; all when not given.
    notes
        Where what is no row is counted.

    Yields
    ------
    DataFrame
        The columns as strings, with `LINE` and `BROKEN`. A row that cannot be read is broken, and no other row is.

    Raises
    ------
    InputError
        When the file is missing, empty, of another encoding or not a table.
    """
    _require_file(path)
    wanted = list(columns) if columns is not None else [name for name in columns_of(path, form) if name]
    if form.continues and form.continues not in wanted:
        wanted.append(form.continues)
    chunks = _chunks(path, form, wanted, Notes() if notes is None else notes)
    yield from continued(chunks, form.continues) if form.continues else chunks


def _chunks(path: Path, form: Csv, columns: Sequence[str], notes: Notes) -> Iterator[pd.DataFrame]:
    if path.suffix == ".parquet":
        return parquet_chunks(path, form, columns)
    if path.suffix == ".xlsx":
        return excel_chunks(path, form, columns, notes)
    return json_chunks(path, form, columns) if path.name.endswith(_JSON_LINES) else csv_chunks(path, form, columns, notes)


def _require_file(path: Path) -> None:
    if not path.is_file():
        raise InputError(f"{path}: no such file; the mapping names it")
