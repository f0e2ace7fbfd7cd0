"""CSV files: header, rows, and what follows them."""

from __future__ import annotations

import csv
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import pandas as pd

from dealml.errors import InputError
from dealml.importing.files.chunk import LINE, Block, ReadRow, in_chunks
from dealml.importing.files.csv_records import CsvRecords
from dealml.importing.files.header import checked_header, require_whole_header
from dealml.importing.files.plain_lines import PlainLines
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
            return _header(path, CsvRecords(stream, form), form)
    except _UNREADABLE as error:
        raise _unreadable(path, form, 1, error) from error


def csv_chunks(path: Path, form: Csv, columns: Sequence[str], notes: Notes) -> Iterator[pd.DataFrame]:
    """The rows of a CSV file."""
    line = 1
    try:
        with open_text(path, form.encoding) as stream:
            records = CsvRecords(stream, form)
            header = _header(path, records, form)
            positions = {name: header.index(name) for name in columns}
            blocks = records.blocks(None if form.footer else PlainLines(form, len(header), positions))
            for chunk in in_chunks(whole_rows(path.name, blocks, len(header), form, notes), positions):
                line = chunk[LINE].iloc[-1]
                yield chunk
    except _UNREADABLE as error:
        raise _unreadable(path, form, line, error) from error


def whole_rows(file: str, blocks: Iterable[Block], width: int, form: Csv, notes: Notes) -> Iterator[Block]:
    """The rows of a table of a width: others are broken, and lines after the last row are a footer."""
    footer = re.compile(form.footer) if form.footer else None
    waiting: list[ReadRow] = []
    following = iter(blocks)
    for block in following:
        if block.columns is not None:
            yield Block([_checked(row, width) for row in waiting], 0)
            waiting.clear()
        if block.columns is not None or (not waiting and not footer and all(len(row.cells) == width for row in block.rows)):
            yield block
            continue
        rows, ending = _looked_through(block.rows, width, footer, waiting)
        yield Block(rows, block.characters)
        if ending:
            _note_footer(file, chain(ending, (row for later in following for row in later.rows)), notes)
            return
    if _is_footer(waiting):
        _note_footer(file, waiting, notes)
    else:
        yield Block([_checked(row, width) for row in waiting], 0)


def _looked_through(
    block: Sequence[ReadRow], width: int, footer: re.Pattern[str] | None, waiting: list[ReadRow]
) -> tuple[list[ReadRow], list[ReadRow]]:
    """The rows of a block, and its lines from a declared footer on; `waiting` are lines that may be an undeclared one."""
    rows: list[ReadRow] = []
    for number, record in enumerate(block):
        if footer and record.cells and footer.search(record.cells[0].strip()):
            return rows, [*block[number:]]
        if len(record.cells) == 1 < width and not record.broken and len(waiting) < LONGEST_FOOTER and not footer:
            waiting.append(record)
            continue
        rows += (_checked(row, width) for row in waiting)
        waiting.clear()
        rows.append(_checked(record, width))
    return rows, []


def _is_footer(lines: Sequence[ReadRow]) -> bool:
    """Whether the last lines, each a single cell, are a report's footer, which has words; a row that was cut off has none."""
    return any(" " in line.cells[0].strip() for line in lines)


def _note_footer(file: str, lines: Iterable[ReadRow], notes: Notes) -> None:
    for line in lines:
        notes.add("footer", 1, [NoteExample(file, line.line, ", ".join(line.cells)[:100])])


def _checked(record: ReadRow, width: int) -> ReadRow:
    if record.broken or len(record.cells) == width:
        return record
    return ReadRow(record.line, (), f"{len(record.cells)} cells where the header has {width}")


def _header(path: Path, records: CsvRecords, form: Csv) -> list[str]:
    if form.header:
        return list(form.header)
    first = records.next_record() or ReadRow(1, [])
    if first.broken:
        raise InputError(f"{path}:{first.line}: the header {first.broken}")
    require_whole_header(path, first.cells, form.encoding)
    return checked_header(path, first.line, first.cells)


def _unreadable(path: Path, form: Csv, line: int, error: Exception) -> InputError:
    return InputError(f"{path}:{line}: cannot be read as CSV in {form.encoding} ({error})")
