"""Records of a CSV file: one that cannot be read is one broken record, and the next one is read as ever."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from typing import TextIO

from dealml.importing.files.chunk import LONGEST_ROW, ReadRow
from dealml.importing.mapping.csv_form import Csv

csv.field_size_limit(LONGEST_ROW)

_ENDS = ("\n", "\r")
_TOO_LONG = f"is longer than {LONGEST_ROW} characters"


class _TooLongError(Exception):
    """A line, or a record of several lines, is longer than any row may be."""


class CsvRecords:
    """Reads one record after the other.

    A record that cannot be read ends with its first line, unless the file puts every cell in quotes: then its end is where
    the next line begins with one. So a quote that nobody closes loses no other row.
    """

    def __init__(self, stream: TextIO, form: Csv) -> None:
        self._read, self._form = stream.readline, form
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._reader = self._new_reader()

    def __iter__(self) -> Iterator[ReadRow]:
        number = 0
        for _ in range(self._form.skip):
            self._line()
            number += 1
        while True:
            self._taken.clear()
            try:
                row = next(self._reader, None)
            except (csv.Error, _TooLongError) as error:
                yield ReadRow(number + 1, [], self._put_back(error))
            else:
                if row is None:
                    return
                if row:  # a blank line is no row
                    yield ReadRow(number + 1, row)
            number += len(self._taken)

    def _new_reader(self) -> Iterator[list[str]]:
        return csv.reader(self._lines(), delimiter=self._form.delimiter, escapechar=self._form.escape, strict=True)

    def _lines(self) -> Iterator[str]:
        """Lines for the record that is being read; they are remembered until it is complete."""
        taken, escape = self._taken, self._form.escape
        while line := self._line():
            taken.append(line)
            if len(line) >= LONGEST_ROW or (len(taken) > 1 and sum(map(len, taken)) > LONGEST_ROW):
                raise _TooLongError(_TOO_LONG)
            yield _with_nulls(line, escape) if escape and escape in line else line

    def _line(self) -> str:
        return self._again.popleft() if self._again else self._read(LONGEST_ROW)

    def _put_back(self, error: Exception) -> str:
        """Give back the lines that a broken record took too many; the reason why it is broken."""
        first, rest = self._taken[0], self._taken[1:]
        self._taken[:] = [first]
        if first.startswith('"'):
            while rest and not rest[0].startswith('"'):
                self._taken.append(rest.pop(0))
        self._again.extendleft(reversed(rest))
        if not rest:
            self._skip_rest_of_line()
        self._reader = self._new_reader()
        return f"is no row of CSV ({error})"

    def _skip_rest_of_line(self) -> None:
        last = self._taken[-1]
        while len(last) >= LONGEST_ROW and not last.endswith(_ENDS):
            last = self._line()


def _with_nulls(line: str, escape: str) -> str:
    r"""A line in which `\N`, the null of databases, stays as it is."""
    null = f"{escape}N"
    return re.sub(f"(?s){re.escape(escape)}.", lambda pair: escape + null if pair[0] == null else pair[0], line)
