"""Reading source files as text, in chunks, with the line of every row."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dealml.errors import InputError
from dealml.ledger.mapping import Csv

CHUNK = 200_000
LINE = "\0line"
"""The column that holds a row's line (CSV) or number (Parquet) in its file."""

BROKEN = "\0broken"
"""The column that says why a row as a whole cannot be understood; null for most."""


def columns_of(path: Path, form: Csv) -> list[str]:
    """The names of a file's columns."""
    if path.suffix == ".parquet":
        return list(pq.read_schema(path).names)
    with _open(path, form) as lines:
        return _header(path, csv.reader(lines, delimiter=form.delimiter, strict=True))


def read_chunks(path: Path, form: Csv) -> Iterator[pd.DataFrame]:
    """The rows of a CSV or Parquet file, every cell as text.

    Yields
    ------
    DataFrame
        The file's columns as strings, with `LINE` and `BROKEN`.

    Raises
    ------
    InputError
        When the file is missing, empty, of another encoding or not a table.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file; the mapping names it")
    yield from _parquet_chunks(path) if path.suffix == ".parquet" else _csv_chunks(path, form)


def _open(path: Path, form: Csv) -> TextIO:
    encoding = "utf-8-sig" if form.encoding.lower().replace("_", "-") in {"utf-8", "utf8"} else form.encoding
    try:
        if path.suffix == ".gz":
            return gzip.open(path, "rt", encoding=encoding, newline="")
        return path.open(encoding=encoding, newline="")
    except LookupError as error:
        raise InputError(f"{path}: unknown encoding {form.encoding!r}") from error


def _header(path: Path, rows: Iterator[list[str]]) -> list[str]:
    header = [name.strip() for name in next(rows, [])]
    if not header:
        raise InputError(f"{path}:1: the file is empty; a header line is needed")
    if twice := [name for name in header if header.count(name) > 1]:
        raise InputError(f"{path}:1: the column {twice[0]!r} stands twice in the header")
    return header


def _csv_chunks(path: Path, form: Csv) -> Iterator[pd.DataFrame]:
    with _open(path, form) as lines:
        rows = csv.reader(lines, delimiter=form.delimiter, strict=True)
        try:
            header = _header(path, rows)
            yield from _numbered_chunks(rows, header)
        except (csv.Error, UnicodeDecodeError, EOFError, gzip.BadGzipFile) as error:
            raise InputError(f"{path}:{rows.line_num + 1}: cannot be read as CSV in {form.encoding} ({error})") from error


def _numbered_chunks(rows: Any, header: list[str]) -> Iterator[pd.DataFrame]:
    at: list[int] = []
    cells: list[list[str]] = []
    for row in rows:
        if row:  # a blank line is no row
            at.append(rows.line_num)
            cells.append(row)
        if len(cells) == CHUNK:
            yield _frame(at, cells, header)
            at, cells = [], []
    yield _frame(at, cells, header)


def _frame(at: list[int], cells: list[list[str]], header: list[str]) -> pd.DataFrame:
    width = len(header)
    broken = [None if len(row) == width else f"{len(row)} cells where the header has {width}" for row in cells]
    whole = [row if len(row) == width else [""] * width for row in cells]
    frame = pd.DataFrame(whole, columns=header, dtype="str")
    return frame.assign(**{LINE: at, BROKEN: pd.Series(broken, dtype="str")})


def _parquet_chunks(path: Path) -> Iterator[pd.DataFrame]:
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path}: cannot be read as Parquet ({error})") from error
    start = 1
    for batch in file.iter_batches(CHUNK):
        texts = {name: _texts(batch.column(name)) for name in batch.schema.names}
        frame = pd.DataFrame(texts).astype("str")
        yield frame.assign(**{LINE: range(start, start + len(frame)), BROKEN: pd.Series(None, index=frame.index, dtype="str")})
        start += len(frame)


def _texts(column: pa.Array) -> pd.Series:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return pc.fill_null(column.cast(pa.string()), "").to_pandas()
