"""Tables as files that a spreadsheet opens and runs nothing of."""

import csv
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dealml.errors import DealmlError, InputError, UsageError
from dealml.page.exports.review_tables import tables_of
from dealml.page.exports.table import CellValue, ExportTable, columns
from dealml.page.exports.write import harmless, write_tables
from tests.page.review_fixtures import AS_OF, whole
from tests.page.row_fixtures import row

MADE = datetime(2026, 2, 2, 6, tzinfo=UTC)
SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
EVIL = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://evil.example")', "<script>alert(1)</script>")


def sheet(path: Path, number: int = 1) -> list[list[tuple[str | None, str]]]:
    """Cells of a sheet: type and text; a formula would have the type `f`."""
    with zipfile.ZipFile(path) as book:
        shared = []
        if "xl/sharedStrings.xml" in book.namelist():
            root = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
            shared = ["".join(part.text or "" for part in item.iter(f"{SPACE}t")) for item in root]
        root = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
    found = []
    for line in root.iter(f"{SPACE}row"):
        cells: list[tuple[str | None, str]] = []
        for cell in line.iter(f"{SPACE}c"):
            value = cell.find(f"{SPACE}v")
            inline = "".join(part.text or "" for part in cell.iter(f"{SPACE}t"))
            kind = "f" if cell.find(f"{SPACE}f") is not None else cell.get("t")
            plain = "" if value is None else value.text or ""
            told = shared[int(plain)] if kind == "s" else inline or plain
            cells.append((kind, told))
        found.append(cells)
    return found


def table(*cells: CellValue, kinds: str = "a") -> ExportTable:
    return ExportTable("one", columns(kinds), tuple((cell,) for cell in cells))


@pytest.mark.parametrize("text", EVIL)
def test_no_text_becomes_a_formula(text: str, tmp_path: Path) -> None:
    write_tables([table(text)], tmp_path / "t.xlsx", MADE)
    kind, told = sheet(tmp_path / "t.xlsx")[1][0]
    assert kind in ("s", "inlineStr")
    assert told.replace("_x000D_", "").strip() == text.strip()
    write_tables([table(text)], tmp_path / "t", MADE)
    with (tmp_path / "t" / "one.csv").open(newline="") as file:
        found = list(csv.reader(file))[1][0]
    assert found == (text if text.startswith("<") else f"'{text}")


@pytest.mark.parametrize("text", ["-5", "+3.5", "-1e5", "plain", "a=b", "", "5 @ 10"])
def test_numbers_and_plain_texts_are_left_alone(text: str) -> None:
    assert harmless(text) == text


def test_numbers_are_numbers_and_dates_are_dates(tmp_path: Path) -> None:
    one = ExportTable(
        "one", columns("n:number m:money f:money s:share d:date none:money"), ((3, Decimal("1234.5"), 7.126, 0.25, date(2026, 2, 2), None),)
    )
    write_tables([one], tmp_path / "t.xlsx", MADE)
    values = [(kind, told) for kind, told in sheet(tmp_path / "t.xlsx")[1]]
    assert values == [(None, "3"), (None, "1234.5"), (None, "7.126"), (None, "0.25"), (None, "46055")]
    write_tables([one], tmp_path / "t", MADE)
    assert (tmp_path / "t" / "one.csv").read_bytes() == b"n,m,f,s,d,none\r\n3,1234.50,7.13,0.25,2026-02-02,\r\n"


def test_what_a_workbook_cannot_hold_is_written_as_far_as_it_goes(tmp_path: Path) -> None:
    odd = ("x" * 40_000, "broken \ud800 half", "bell \x07", "several\nlines")
    write_tables([table(*odd), ExportTable("two", columns("d:date"), ((date(1850, 1, 1),),))], tmp_path / "t.xlsx", MADE)
    found = [line[0][1] for line in sheet(tmp_path / "t.xlsx")[1:]]
    assert (len(found[0]), found[1], found[3]) == (32_767, "broken ? half", "several\nlines")
    assert sheet(tmp_path / "t.xlsx", 2)[1][0][1] == "1850-01-01"


def test_a_whole_review_is_a_sheet_or_a_file_for_each_table(tmp_path: Path) -> None:
    tables = tables_of(whole(30, rows=(row("evil", name="=1+1"), row("hack", name="<script>alert(1)</script>"))))
    (book,) = write_tables(tables, tmp_path / "all.xlsx", AS_OF)
    with zipfile.ZipFile(book) as opened:
        sheets = ElementTree.fromstring(opened.read("xl/workbook.xml")).iter(f"{SPACE}sheet")
        assert [each.get("name") for each in sheets] == [each.name for each in tables]
    files = write_tables(tables, tmp_path / "all", AS_OF)
    assert [file.name for file in files] == [f"{each.name}.csv" for each in tables]
    with (tmp_path / "all" / "deals.csv").open(newline="") as file:
        names = {line["name"] for line in csv.DictReader(file)}
    assert names == {"'=1+1", "<script>alert(1)</script>"}


def test_same_tables_same_workbook(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_tables(tables_of(whole(5)), tmp_path / name, AS_OF)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    write_tables([table("kept")], tmp_path / "t.xlsx", MADE)
    before = (tmp_path / "t.xlsx").read_bytes()
    with pytest.raises(ValueError, match="zip"):
        write_tables([ExportTable("one", columns("a b"), (("too few",),))], tmp_path / "t.xlsx", MADE)
    assert (tmp_path / "t.xlsx").read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["t.xlsx"]


@pytest.mark.parametrize(
    ("name", "error", "told"),
    [
        ("t.ods", UsageError, "end the name in .xlsx for a workbook, or give a folder"),
        ("no/such/t.xlsx", InputError, "no such folder; make it first"),
        ("no/such/t", InputError, "no such folder; make it first"),
        ("file", UsageError, "is a file; name a folder"),
        ("folder.xlsx", UsageError, "is a folder; name a file"),
    ],
)
def test_a_place_that_cannot_be_is_refused_in_one_line(name: str, error: type[DealmlError], told: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(error, match=told):
        write_tables([table("a")], tmp_path / name, MADE)
