"""A record that cannot be read takes no other with it."""

from io import StringIO

from dealml.importing.files.csv_records import CsvRecords
from dealml.importing.mapping.csv_form import Csv


def test_the_lines_that_an_open_quote_took_are_read_again() -> None:
    found = list(CsvRecords(StringIO('a,b\n1,"x\n2,y\n3,"z"\n4,w\n'), Csv()))
    assert [(row.line, list(row.cells)) for row in found] == [(1, ["a", "b"]), (2, []), (3, ["2", "y"]), (4, ["3", "z"]), (5, ["4", "w"])]
    assert [bool(row.broken) for row in found] == [False, True, False, False, False]
