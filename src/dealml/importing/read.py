"""Reading source files as text, in chunks, with the line of every row."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dealml.errors import InputError
from dealml.importing.mapping.csv_form import Csv

CHUNK = 100_000
LINE = "\0line"
"""The column that holds a row's line (CSV) or number (Parquet) in its file."""

BROKEN = "\0broken"
"""The column that says why a row as a whole cannot be understood; null for most."""

CONTENT = "\0content"
"""The column that holds a row's id where its content is its id."""

_UNREADABLE = (csv.Error, UnicodeError, EOFError, OSError, zlib.error)


def columns_of(path: Path, form: Csv) -> list[str]:
    """The names of a file's columns.

    Raises
    ------
    InputError
        When the file is missing, empty, of another encoding or not a table.
    """
    _require_file(path)
    if path.suffix == ".parquet":
        return list(_parquet(path).schema_arrow.names)
    with _open(path, form) as lines:
        records = _Records(lines, form.delimiter)
        try:
            return _header(path, records)
        except _UNREADABLE as error:
            raise _unreadable(path, form, records.begins, error) from error


def read_chunks(path: Path, form: Csv, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
    """The rows of a CSV or Parquet file, every cell as text.

    Parameters
    ----------
    columns
        The columns to read; all when not given.

    Yields
    ------
    DataFrame
        The columns as strings, with `LINE` and `BROKEN`.

    Raises
    ------
    InputError
        When the file is missing, empty, of another encoding or not a table.
    """
    _require_file(path)
    wanted = list(columns) if columns is not None else columns_of(path, form)
    yield from _parquet_chunks(path, wanted) if path.suffix == ".parquet" else _csv_chunks(path, form, wanted)


def _require_file(path: Path) -> None:
    if not path.is_file():
        raise InputError(f"{path}: no such file; the mapping names it")


def _open(path: Path, form: Csv) -> TextIO:
    encoding = "utf-8-sig" if form.encoding.lower().replace("_", "-") in {"utf-8", "utf8"} else form.encoding
    try:
        if path.suffix == ".gz":
            return gzip.open(path, "rt", encoding=encoding, newline="")
        return path.open(encoding=encoding, newline="")
    except LookupError as error:
        raise InputError(f"{path}: unknown encoding {form.encoding!r}") from error


class _Records:
    """The records of a CSV file, each with the line on which it `begins`."""

    def __init__(self, lines: TextIO, delimiter: str) -> None:
        self._rows, self.begins = csv.reader(lines, delimiter=delimiter, strict=True), 1

    def __iter__(self) -> _Records:
        return self

    def __next__(self) -> tuple[int, list[str]]:
        row: list[str] = []
        while not row:  # a blank line is no row
            self.begins = self._rows.line_num + 1
            row = next(self._rows)
        return self.begins, row


def _unreadable(path: Path, form: Csv, line: int, error: Exception) -> InputError:
    if isinstance(error, UnicodeError):
        line = _undecodable_line(path, form.encoding) or line
    return InputError(f"{path}:{line}: cannot be read as CSV in {form.encoding} ({error})")


def _undecodable_line(path: Path, encoding: str) -> int | None:
    """The first line that is not text in an encoding: a text reader decodes far ahead of what it hands out."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                line.decode(encoding)
            except UnicodeError:
                return number
    return None


def _header(path: Path, records: _Records) -> list[str]:
    header = [name.strip() for name in next(records, (1, []))[1]]
    if not any(header):
        raise InputError(f"{path}:1: the file is empty; a header line is needed")
    if twice := [name for name in header if header.count(name) > 1]:
        raise InputError(f"{path}:1: the column {twice[0]!r} stands twice in the header")
    return header


def _csv_chunks(path: Path, form: Csv, columns: list[str]) -> Iterator[pd.DataFrame]:
    with _open(path, form) as lines:
        records = _Records(lines, form.delimiter)
        try:
            header = _header(path, records)
            places = {name: header.index(name) for name in columns}
            while chunk := list(islice(records, CHUNK)):
                yield _frame(chunk, places, len(header))
        except _UNREADABLE as error:
            raise _unreadable(path, form, records.begins, error) from error


def _frame(chunk: list[tuple[int, list[str]]], positions: dict[str, int], width: int) -> pd.DataFrame:
    broken = [None if len(row) == width else f"{len(row)} cells where the header has {width}" for _, row in chunk]
    whole = [row if len(row) == width else [""] * width for _, row in chunk]
    texts = {name: _strings([row[position] for row in whole]) for name, position in positions.items()}
    return pd.DataFrame({**texts, LINE: [line for line, _ in chunk], BROKEN: _strings(broken)})


def _strings(values: list[Any]) -> pd.Series:
    return _series(pa.array(values, pa.large_string()))


def _series(texts: pa.Array) -> pd.Series:
    return pd.Series(pd.array(texts, dtype="str"))


def _parquet(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path}: cannot be read as Parquet ({_first_line(error)})") from error


def _parquet_chunks(path: Path, columns: list[str]) -> Iterator[pd.DataFrame]:
    start, file = 1, _parquet(path)
    try:
        for batch in file.iter_batches(CHUNK, columns=columns):
            texts = {name: _texts(path, name, batch.column(name)) for name in columns}
            end = start + batch.num_rows
            yield pd.DataFrame({**texts, LINE: list(range(start, end)), BROKEN: _strings([None] * batch.num_rows)})
            start = end
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path}:{start}: cannot be read as Parquet ({_first_line(error)})") from error


def _texts(path: Path, name: str, column: pa.Array) -> pd.Series:
    try:
        return _series(pc.fill_null(column.cast(pa.large_string()), ""))
    except pa.ArrowException as error:
        raise InputError(f"{path}: the column {name!r} is not text, a number or a time ({column.type})") from error


def _first_line(error: Exception) -> str:
    return str(error).split("\n")[0]
