"""Plain lines are read by pyarrow to the cells that Python's csv reads; any other lines are left to that."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealml.importing.files.chunk import BROKEN, LINE
from dealml.importing.files.plain_lines import PlainLines
from dealml.importing.mapping.csv_form import Csv

PLAIN = PlainLines(Csv(), 3, {"c": 2, "a": 0})
CELLS = st.lists(st.sampled_from(["a", "b c", " ", "\t", "'", "é", "NULL", "\\", "\u2028", "\x0b", "\x1c", "-"]), max_size=3).map("".join)
ENDS = st.sampled_from(["\n", "\n", "\n", "\r\n", "\n\n", "\r", ",\n", '"\n'])
LINES = st.tuples(st.tuples(CELLS, CELLS, CELLS).map(",".join), ENDS).map("".join)


def test_the_wanted_columns_of_whole_rows_and_their_lines() -> None:
    columns = PLAIN.columns("1,x, y\n,,\r\n3,NULL,é", before=4)
    assert columns is not None
    assert {name: values.to_pylist() for name, values in columns.items()} == {
        **{"a": ["1", "", "3"], "c": [" y", "", "é"]},
        **{LINE: [5, 6, 7], BROKEN: [None] * 3},
    }


@pytest.mark.parametrize(
    "text", ['1,"x",y\n', "1,2\n", "1,2,3,4\n", "1,2,3\n\n1,2,3\n", "\n1,2,3\n", "1,2,3\r1,2,3\n", "\ufeff1,2,3\n", "1,\udcff,3\n"]
)
def test_others_are_left_to_a_reader_that_looks_at_each(text: str) -> None:
    assert PLAIN.columns(text, before=0) is None


def test_an_escape_or_a_delimiter_of_several_bytes_is_not_plain() -> None:
    assert PlainLines(Csv(escape="\\"), 3, {"a": 0}).columns("1,\\,,3\n", before=0) is None
    assert PlainLines(Csv(delimiter="¦"), 3, {"a": 0}).columns("1¦2¦3\n", before=0) is None


@given(st.lists(LINES, min_size=1, max_size=6).map("".join))
def test_no_cell_differs_from_what_csv_reads(text: str) -> None:
    columns = PLAIN.columns(text, before=0)
    if columns is None:
        return
    rows = list(csv.reader(StringIO(text, newline=""), strict=True))
    assert list(zip(columns["a"].to_pylist(), columns["c"].to_pylist(), strict=True)) == [(row[0], row[2]) for row in rows]
    assert columns[LINE].to_pylist() == list(range(1, len(rows) + 1))
