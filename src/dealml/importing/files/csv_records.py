"""Records of a CSV file: one that cannot be read is one broken record, and the next one is read as ever."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from io import StringIO
from typing import Any, TextIO

from dealml.importing.files.chunk import BLOCK, LINE, LONGEST_ROW, Block, ReadRow
from dealml.importing.files.plain_lines import PlainLines
from dealml.importing.mapping.csv_form import Csv

csv.field_size_limit(LONGEST_ROW)

_ENDS = ("\n", "\r")
_TOO_LONG = f"is longer than {LONGEST_ROW} characters"


class _TooLongError(Exception):
    """A line, or a record of several lines, is longer than any row may be."""


class CsvRecords:
    """Reads one block of records after the other.

    A record that cannot be read ends with its first line, unless the file puts every cell in quotes: then its end is where
    the next line begins with one. So a quote that nobody closes loses no other row.
    """

    def __init__(self, stream: TextIO, form: Csv) -> None:
        self._stream, self._form = stream, form
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._reader = self._new_reader(self._lines())
        self._number = 0
        for _ in range(form.skip):
            self._line()
            self._number += 1

    def blocks(self, plain: PlainLines | None = None) -> Iterator[Block]:
        """The records from here on; those of plain lines as columns, where it is said which are wanted."""
        while text := self._whole_lines():
            if plain and (columns := plain.columns(text, self._number)):
                self._number += len(columns[LINE])
                yield Block([], len(text), columns)
                continue
            yield Block([*self._quick(text), *self._line_by_line()], len(text))

    def next_record(self) -> ReadRow | None:
        """The next record, read line by line; None at the end."""
        while True:
            self._taken.clear()
            begins = self._number + 1
            try:
                row = next(self._reader, None)
            except (csv.Error, _TooLongError) as error:
                broken = self._put_back(error)
                self._number += len(self._taken)
                return ReadRow(begins, [], broken)
            self._number += len(self._taken)
            if row is None:
                return None
            if row:  # a blank line is no row
                return ReadRow(begins, row)

    def _whole_lines(self) -> str:
        """A block of text that ends with a line."""
        text = self._stream.read(BLOCK)
        return text if text.endswith("\n") else text + self._stream.readline(LONGEST_ROW)

    def _quick(self, text: str) -> list[ReadRow]:
        """The records of some lines, until one that cannot be read; the lines from there on are to be read again."""
        lines = list(StringIO(text, newline=""))
        begins, rows = 0, []
        if len(text) < LONGEST_ROW:
            reader = self._new_reader(map(self._with_nulls, lines) if self._form.escape else iter(lines))
            try:
                for row in reader:
                    if row:
                        rows.append(ReadRow(self._number + begins + 1, row))
                    begins = reader.line_num
            except csv.Error:
                self._again.extend(lines[begins:])
        else:
            self._again.extend(lines)
        self._number += begins
        return rows

    def _line_by_line(self) -> Iterator[ReadRow]:
        """The records of the lines that are read again."""
        if self._again:
            self._reader = self._new_reader(self._lines())
        while self._again and (row := self.next_record()):
            yield row

    def _new_reader(self, lines: Iterator[str]) -> Any:
        return csv.reader(lines, delimiter=self._form.delimiter, escapechar=self._form.escape, strict=True)

    def _lines(self) -> Iterator[str]:
        """Lines for the record that is being read; they are remembered until it is complete."""
        taken = self._taken
        while line := self._line():
            taken.append(line)
            if len(line) >= LONGEST_ROW or (len(taken) > 1 and sum(map(len, taken)) > LONGEST_ROW):
                raise _TooLongError(_TOO_LONG)
            yield self._with_nulls(line)

    def _line(self) -> str:
        return self._again.popleft() if self._again else self._stream.readline(LONGEST_ROW)

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
        self._reader = self._new_reader(self._lines())
        return f"is no row of CSV ({error})"

    def _skip_rest_of_line(self) -> None:
        last = self._taken[-1]
        while len(last) >= LONGEST_ROW and not last.endswith(_ENDS):
            last = self._line()

    def _with_nulls(self, line: str) -> str:
        r"""A line in which `\N`, the null of databases, stays as it is."""
        escape = self._form.escape
        if not escape or escape not in line:
            return line
        null = f"{escape}N"
        return re.sub(f"(?s){re.escape(escape)}.", lambda pair: escape + null if pair[0] == null else pair[0], line)
