"""Lines without quotes, escapes or gaps: pyarrow reads them many rows at a time, to the same cells as Python's csv does."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.csv

from dealml.importing.files.chunk import BROKEN, LINE, LONGEST_ROW, Columns
from dealml.importing.mapping.csv_form import Csv


@dataclass(frozen=True)
class PlainLines:
    """Reads the wanted columns of blocks of plain lines."""

    form: Csv
    width: int
    """Cells of a row."""
    positions: dict[str, int]
    """The number of each wanted column's cell."""

    def columns(self, text: str, before: int) -> Columns | None:
        """The columns of some whole lines; None where they hold more than plain cells, or a row of another width.

        Parameters
        ----------
        before
            How many lines of the file come before these.
        """
        if not self._may_be_plain(text):
            return None
        try:
            table = pyarrow.csv.read_csv(pa.py_buffer(text.encode()), *self._options(len(text)))
        except (UnicodeEncodeError, pa.ArrowInvalid):
            return None
        lines = text.count("\n") + (not text.endswith("\n"))
        if table.num_rows != lines:  # a blank line is no row, and those after it have other numbers
            return None
        columns = {name: table[str(position)].combine_chunks() for name, position in self.positions.items()}
        numbers = pa.array(range(before + 1, before + lines + 1), pa.int64())
        return {**columns, LINE: numbers, BROKEN: pa.nulls(lines, pa.large_string())}

    def _may_be_plain(self, text: str) -> bool:
        marks = ('"', "\0", self.form.escape or '"')
        ends = text.count("\r") == text.count("\r\n")
        return (
            bool(self.positions)
            and self.form.delimiter.isascii()
            and ends
            and len(text) < LONGEST_ROW
            and not (text.startswith("\ufeff") or any(mark in text for mark in marks))
        )

    def _options(self, characters: int) -> tuple[pyarrow.csv.ReadOptions, pyarrow.csv.ParseOptions, pyarrow.csv.ConvertOptions]:
        names, wanted = (
            [str(number) for number in range(self.width)],
            {str(position): pa.large_string() for position in self.positions.values()},
        )
        return (
            pyarrow.csv.ReadOptions(use_threads=False, column_names=names, block_size=4 * characters + 1),
            pyarrow.csv.ParseOptions(delimiter=self.form.delimiter, quote_char=False, double_quote=False, escape_char=False),
            pyarrow.csv.ConvertOptions(column_types=wanted, include_columns=list(wanted), strings_can_be_null=False, check_utf8=False),
        )
