"""CSV files: header, rows, and what follows them."""

from __future__ import annotations

import csv
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from dealml.errors import InputError
from dealml.importing.files.chunk import LINE, ReadRow, in_chunks
from dealml.importing.files.csv_records import CsvRecords
from dealml.importing.files.header import checked_header, require_whole_header
from dealml.importing.files.streams import open_text
from dealml.importing.mapping.csv_form import Csv
from dealml.importing.notes import NoteExample, Notes

LONGEST_FOOTER = 20
"""Lines of a single cell, after the rows, that count as a footer without being declared."""

_UNREADABLE = (csv.Error, UnicodeError, EOFError, OSError, zlib.error)


def csv_columns(path: Path, form: Csv) -> list[str]:
    """The names of a CSV file's columns."""
    try:
        with open_text(path, form.encoding) as stream:
            return _header(path, iter(CsvRecords(stream, form)), form)
    except _UNREADABLE as error:
        raise _unreadable(path, form, 1, error) from error


def csv_chunks(path: Path, form: Csv, columns: Sequence[str], notes: Notes) -> Iterator[pd.DataFrame]:
    """The rows of a CSV file."""
    line = 1
    try:
        with open_text(path, form.encoding) as stream:
            records = iter(CsvRecords(stream, form))
            header = _header(path, records, form)
            rows = whole_rows(path.name, records, len(header), form, notes)
            for chunk in in_chunks(rows, {name: header.index(name) for name in columns}):
                line = chunk[LINE].iloc[-1]
                yield chunk
    except _UNREADABLE as error:
        raise _unreadable(path, form, line, error) from error


def whole_rows(file: str, records: Iterable[ReadRow], width: int, form: Csv, notes: Notes) -> Iterator[ReadRow]:
    """The rows of a table of a width: others are broken, and lines after the last row are a footer."""
    footer = re.compile(form.footer) if form.footer else None
    waiting: list[ReadRow] = []
    for record in records:
        if footer and record.cells and footer.search(record.cells[0].strip()):
            waiting.append(record)
            _note_footer(file, [*waiting, *records], notes)
            return
        if len(record.cells) == 1 < width and not record.broken and len(waiting) < LONGEST_FOOTER and not footer:
            waiting.append(record)
            continue
        yield from (_checked(row, width) for row in waiting)
        waiting.clear()
        yield _checked(record, width)
    if _is_footer(waiting):
        _note_footer(file, waiting, notes)
    else:
        yield from (_checked(row, width) for row in waiting)


def _is_footer(lines: Sequence[ReadRow]) -> bool:
    """Whether the last lines, each a single cell, are a report's footer, which has words; a row that was cut off has none."""
    return any(" " in line.cells[0].strip() for line in lines)


def _note_footer(file: str, lines: Sequence[ReadRow], notes: Notes) -> None:
    if lines:
        notes.add("footer", len(lines), (NoteExample(file, line.line, ", ".join(line.cells)[:100]) for line in lines))


def _checked(record: ReadRow, width: int) -> ReadRow:
    if record.broken or len(record.cells) == width:
        return record
    return ReadRow(record.line, (), f"{len(record.cells)} cells where the header has {width}")


def _header(path: Path, records: Iterator[ReadRow], form: Csv) -> list[str]:
    if form.header:
        return list(form.header)
    first = next(records, ReadRow(1, []))
    if first.broken:
        raise InputError(f"{path}:{first.line}: the header {first.broken}")
    require_whole_header(path, first.cells, form.encoding)
    return checked_header(path, first.line, first.cells)


def _unreadable(path: Path, form: Csv, line: int, error: Exception) -> InputError:
    return InputError(f"{path}:{line}: cannot be read as CSV in {form.encoding} ({error})")
