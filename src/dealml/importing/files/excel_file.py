"""Workbooks (.xlsx): the cells of a sheet as the texts that a person sees, with every digit that is stored."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
import pandas as pd
from openpyxl.styles.numbers import is_datetime
from openpyxl.utils.exceptions import InvalidFileException

from dealml.errors import InputError
from dealml.importing.files.chunk import LONGEST_ROW, ReadRow, in_blocks, in_chunks
from dealml.importing.files.csv_file import whole_rows
from dealml.importing.files.header import checked_header
from dealml.importing.mapping.csv_form import Csv
from dealml.importing.notes import Notes

LARGEST_PART = 64 << 20
"""Bytes of a workbook's shared texts and styles, unpacked: they are in memory as long as the file is read."""
_EXACT = 10**15
"""From here on a workbook does not hold every digit of a whole number."""
_UNREADABLE = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError, EOFError, ParseError, zlib.error)


def excel_columns(path: Path, form: Csv) -> list[str]:
    """The names of a sheet's columns."""
    return _header(path, _records(path, form), form)


def excel_chunks(path: Path, form: Csv, columns: Sequence[str], notes: Notes) -> Iterator[pd.DataFrame]:
    """The rows of a sheet; a row without any value is none."""
    records = _records(path, form)
    header = _header(path, records, form)
    blocks = in_blocks(_fitted(record, len(header)) for record in records)
    yield from in_chunks(whole_rows(path.name, blocks, len(header), form, notes), {name: header.index(name) for name in columns})


def _header(path: Path, records: Iterator[ReadRow], form: Csv) -> list[str]:
    if form.header:
        return list(form.header)
    first = next(records, ReadRow(1, []))
    cells = list(first.cells)
    while cells and not cells[-1].strip():
        cells.pop()
    return checked_header(path, first.line, cells)


def _fitted(record: ReadRow, width: int) -> ReadRow:
    """A row with as many cells as the header: a sheet leaves out, or adds, empty ones at the end."""
    cells = list(record.cells)
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    # A single cell that is no value of the first column alone may be a footer; any other row is filled up.
    filled = cells + [""] * (width - len(cells)) if len(cells) > 1 else cells
    return record._replace(cells=filled)


def _records(path: Path, form: Csv) -> Iterator[ReadRow]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of styles and extensions, which have no values
            _require_small_parts(path)
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            sheet = book[form.sheet] if form.sheet else book.worksheets[0]
            for number, row in enumerate(islice(sheet.iter_rows(), form.skip, None), form.skip + 1):
                cells = [_text(cell, form.decimal) for cell in row]
                if sum(map(len, cells)) > LONGEST_ROW:
                    yield ReadRow(number, [], f"is longer than {LONGEST_ROW} characters")
                elif any(cells):
                    yield ReadRow(number, cells)
            book.close()
    except _UNREADABLE as error:
        raise InputError(f"{path}: cannot be read as a workbook ({str(error).splitlines()[0] if str(error) else 'damaged'})") from error


def _require_small_parts(path: Path) -> None:
    with zipfile.ZipFile(path) as parts:
        large = [part for part in parts.infolist() if part.file_size > LARGEST_PART and "worksheets/" not in part.filename]
    if large:
        raise ValueError(f"{large[0].filename} has more than {LARGEST_PART >> 20} MiB; save it as CSV")


def _text(cell: Any, decimal: str) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < _EXACT else f"{value:.14E}"
    if isinstance(value, float):
        return _plain(value).replace(".", decimal)
    if isinstance(value, datetime):
        is_day = value.time() == time() and is_datetime(cell.number_format or "") == "date"
        return value.date().isoformat() if is_day else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _plain(value: float) -> str:
    """A number with the 15 digits that a workbook shows, without an exponent; of a longer whole number not all digits are right."""
    if abs(value) >= _EXACT:
        return f"{value:.14E}"
    text = format(Decimal(f"{value:.15g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
