"""Tables as files: a folder of CSV files, or one workbook with a sheet for each; whole or not at all."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dealml.errors import InputError, UsageError
from dealml.files import atomic_write
from dealml.page.exports.table import CellValue, ExportColumn, ExportTable, Kind
from dealml.page.shared import filters
from dealml.scoring.export import FORMULA, NUMBER

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LONGEST = 32_767
"""Characters that a cell of a workbook holds."""
MOST_ROWS = 1_048_575
"""Rows that a sheet holds below its head."""
FIRST_YEAR = 1900
"""Workbooks know no earlier date: one is written as text."""
_FORMULA, _NUMBER = re.compile(FORMULA), re.compile(NUMBER)
_FORMATS: dict[Kind, str] = {"money": "#,##0.00", "share": "0.0%", "date": "yyyy-mm-dd", "number": "General", "text": "@"}
_WIDTHS: dict[Kind, int] = {"money": 14, "share": 10, "date": 11, "number": 10, "text": 24}


def checked_tables(out: Path) -> None:
    """Refuse a place for tables before anything is computed for it.

    Raises
    ------
    UsageError
        When it is called neither .xlsx nor like a folder, or is the wrong one of the two.
    InputError
        When the folder that it would lie in does not exist.
    """
    if out.suffix not in (".xlsx", ""):
        raise UsageError(f"{out}: end the name in .xlsx for a workbook, or give a folder for CSV files")
    if out.suffix == ".xlsx" and out.is_dir():
        raise UsageError(f"{out}: is a folder; name a file")
    if not out.suffix and out.exists() and not out.is_dir():
        raise UsageError(f"{out}: is a file; name a folder, or a workbook that ends in .xlsx")
    if not out.parent.is_dir():
        raise InputError(f"{out.parent}: no such folder; make it first")


def write_tables(tables: Iterable[ExportTable], out: Path, made: datetime) -> tuple[Path, ...]:
    """Write every table, and say into which files.

    Texts that a spreadsheet would take for a formula are led by an apostrophe in CSV files, and marked as
    text in a workbook; numbers are numbers, dates are dates.

    Parameters
    ----------
    out
        A workbook, by its ending .xlsx, or a folder, which is made where there is none.
    made
        The moment that a workbook is dated: the same tables make the same file.

    Raises
    ------
    UsageError, InputError
        As `checked_tables`.
    """
    checked_tables(out)
    if out.suffix == ".xlsx":
        return (_written(out, lambda path: _workbook(path, tables, made)),)
    out.mkdir(exist_ok=True)
    return tuple(_written(out / f"{table.name}.csv", lambda path, table=table: _csv(path, table)) for table in tables)  # type: ignore[misc]


def harmless(value: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if _risky(value) else value


def _risky(value: str) -> bool:
    return bool(_FORMULA.match(value)) and not _NUMBER.match(value)


def _written(out: Path, write: Callable[[Path], None]) -> Path:
    with atomic_write(out) as part:
        write(part)
    return out


def _csv(path: Path, table: ExportTable) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([column.name for column in table.columns])
        writer.writerows([_plain(cell, column.kind) for cell, column in zip(row, table.columns, strict=True)] for row in table.rows)


def _plain(cell: CellValue, kind: Kind) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(filters.clean(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    if kind == "money":
        return f"{cell:.2f}"
    return f"{cell:f}" if isinstance(cell, Decimal) else repr(cell)


def _workbook(path: Path, tables: Iterable[ExportTable], made: datetime) -> None:
    # Heavy for a command line that may write no workbook at all, so only here.
    from xlsxwriter import Workbook

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(str(path), options) as book:
        book.set_properties({"created": made.replace(tzinfo=None)})
        head = book.add_format({"bold": True, "bottom": 1})
        formats = {kind: book.add_format({"num_format": form}) for kind, form in _FORMATS.items()}
        quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        for table in tables:
            _sheet(book, table, head, (formats, quoted))


def _sheet(book: Workbook, table: ExportTable, head: Format, formats: tuple[dict[Kind, Format], Format]) -> None:
    if len(table.rows) > MOST_ROWS:
        raise InputError(f"{table.name}: {len(table.rows):,} rows do not fit on a sheet; give a folder for CSV files instead")
    sheet = book.add_worksheet(table.name)
    sheet.freeze_panes(1, 0)
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, _WIDTHS[column.kind])
    sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    for index, column in enumerate(table.columns):
        sheet.write_string(0, index, column.name, head)
    for number, row in enumerate(table.rows, start=1):
        for index, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            _write(sheet, (number, index), cell, column, formats)


def _write(
    sheet: Worksheet, at: tuple[int, int], cell: CellValue, column: ExportColumn, formats: tuple[dict[Kind, Format], Format]
) -> None:
    by_kind, quoted = formats
    form: Any = by_kind[column.kind]
    if cell is None:
        return
    if isinstance(cell, date) and cell.year >= FIRST_YEAR:
        sheet.write_datetime(*at, cell, form)
    elif isinstance(cell, str | date):
        text = filters.clean(str(cell))[:LONGEST]
        sheet.write_string(*at, text, quoted if _risky(text) else form)
    else:
        sheet.write_number(*at, float(cell), form)
