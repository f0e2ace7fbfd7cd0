"""A record that cannot be read takes no other with it."""

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealml.importing.files import csv_records
from dealml.importing.files.chunk import ReadRow
from dealml.importing.files.csv_records import CsvRecords
from dealml.importing.mapping.csv_form import Csv


def records_of(text: str, form: Csv | None = None) -> list[ReadRow]:
    """Every record of a file."""
    return [row for block in CsvRecords(StringIO(text, newline=""), form or Csv()).blocks() for row in block.rows]


def line_by_line(text: str, form: Csv | None = None) -> list[ReadRow]:
    """Every record of a file, each read for itself."""
    records = CsvRecords(StringIO(text, newline=""), form or Csv())
    return [*iter(records.next_record, None)]


def test_the_lines_that_an_open_quote_took_are_read_again() -> None:
    found = records_of('a,b\n1,"x\n2,y\n3,"z"\n4,w\n')
    assert [(row.line, list(row.cells)) for row in found] == [(1, ["a", "b"]), (2, []), (3, ["2", "y"]), (4, ["3", "z"]), (5, ["4", "w"])]
    assert [bool(row.broken) for row in found] == [False, True, False, False, False]


PIECES = st.lists(st.sampled_from(['"', '""', ",", "a", "b c", "\n", "\r\n", "\r", "\\", "\\N", '\\"', "\n\n"]), max_size=40).map("".join)


@given(PIECES, st.sampled_from([Csv(), Csv(escape="\\"), Csv(skip=1)]), st.integers(1, 12))
def test_blocks_hold_what_is_read_line_by_line(text: str, form: Csv, size: int) -> None:
    """Wherever a block ends: in a cell, in quotes, between the two signs of a line's end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_records, "BLOCK", size)
        patch.setattr(csv_records, "LONGEST_ROW", 24)
        assert records_of(text, form) == line_by_line(text, form)


def test_a_file_of_quoted_cells_loses_no_row_but_the_broken_ones() -> None:
    """A cell of two lines stays whole; a quote within a cell, and one that nobody closes, break their own rows."""
    text = '"d1","Anna"\n"d2","Be"la"\n"d3","An\nna"\n"d4","open\n"d5","Zoe"\n'
    assert [(row.line, list(row.cells), bool(row.broken)) for row in records_of(text)] == [
        (1, ["d1", "Anna"], False),
        (2, [], True),
        (3, ["d3", "An\nna"], False),
        (5, [], True),
        (6, ["d5", "Zoe"], False),
    ]
