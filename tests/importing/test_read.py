"""Files are read as text, row by row; what cannot be read is said in one line, and nothing is written."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dealml.errors import InputError
from dealml.importing.files import chunk
from dealml.importing.mapping.csv_form import Csv
from dealml.importing.read import BROKEN, LINE, columns_of, read_chunks
from tests.importing.company_fixtures import DEALS, HEAD, Company

GOOD = "id,account,created\nd1,a1,2026-01-01\n"


def rows(path: Path, form: Csv | None = None, columns: list[str] | None = None) -> list[dict[str, Any]]:
    """All rows of a file as they are read."""
    return pd.concat(read_chunks(path, form or Csv(), columns)).to_dict("records")


def refused(company: Company) -> str:
    """The one line that an import is refused with; nothing is written."""
    with pytest.raises(InputError) as caught:
        company.imports()
    assert "\n" not in str(caught.value)
    assert company.ledger.tables == []
    assert not list(company.ledger.folder.glob(".unfinished*"))
    return str(caught.value)


def test_every_cell_is_text(company: Company) -> None:
    path = company.has("id,n\n007,1.0\n0065E0000012345,NA\n")
    assert [row["id"] for row in rows(path)] == ["007", "0065E0000012345"]
    assert [row["n"] for row in rows(path)] == ["1.0", "NA"]


def test_rows_know_the_line_on_which_they_begin(company: Company) -> None:
    path = company.has('id,text\n1,"two\nlines"\n\n2,x\r\n3,y')
    assert [(row["id"], row[LINE]) for row in rows(path)] == [("1", 2), ("2", 5), ("3", 6)]


def test_short_and_long_rows_are_broken_and_shift_nothing(company: Company) -> None:
    found = rows(company.has("a,b,c\n1,2\n1,2,3\n1,2,3,4\n"))
    assert [row[BROKEN] if isinstance(row[BROKEN], str) else "" for row in found] == [
        "2 cells where the header has 3",
        "",
        "4 cells where the header has 3",
    ]
    assert [row["a"] for row in found] == ["", "1", ""]


def test_a_byte_order_mark_is_no_part_of_the_first_name(company: Company) -> None:
    assert columns_of(company.has("\ufeffid,b\n1,2\n"), Csv()) == ["id", "b"]


def test_quotes_delimiters_and_only_some_columns(company: Company) -> None:
    path = company.has('a; b ;c\n"x;y";"say ""hi""";3\n')
    (row,) = rows(path, Csv(delimiter=";"), ["b", "a"])
    assert list(row) == ["b", "a", LINE, BROKEN]
    assert (row["b"], row["a"], row[LINE]) == ('say "hi"', "x;y", 2)


def test_chunks_join_without_a_seam(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    path = company.has("id\n" + "".join(f"{n}\n" for n in range(10)))
    monkeypatch.setattr(chunk, "CHUNK", 3)
    chunks = list(read_chunks(path, Csv()))
    assert [len(rows) for rows in chunks] == [3, 3, 3, 1]
    assert [line for rows in chunks for line in rows[LINE]] == list(range(2, 12))


def test_chunks_of_parquet_join_without_a_seam(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    path = company.source / "t.parquet"
    pq.write_table(pa.table({"id": pa.array(range(10))}), path)
    monkeypatch.setattr(chunk, "CHUNK", 3)
    found = rows(path)
    assert [(row["id"], row[LINE]) for row in found] == [(str(n), n + 1) for n in range(10)]


def test_other_encodings(company: Company) -> None:
    assert rows(company.has("id\nŁódź\n", encoding="cp1250"), Csv(encoding="cp1250"))[0]["id"] == "Łódź"
    assert rows(company.has("id\nŁódź\n", encoding="utf-16"), Csv(encoding="utf-16"))[0]["id"] == "Łódź"


def test_gzip(company: Company) -> None:
    assert rows(company.has("id\n1\n", "x.csv.gz"))[0]["id"] == "1"


def test_typed_parquet_columns_become_the_texts_that_parse(company: Company) -> None:
    path = company.source / "t.parquet"
    columns = {
        "int": pa.array([13085, None]),
        "float": pa.array([0.1, 12345678.0]),
        "flag": pa.array([True, None]),
        "day": pa.array([dt.date(2026, 1, 31), None]),
        "word": pa.array(["NA", ""]).dictionary_encode(),
        "at": pa.array([dt.datetime(2026, 1, 31, 9, 30), None], pa.timestamp("us")),
        "zoned": pa.array([dt.datetime(2026, 1, 31, 9, 30, tzinfo=dt.UTC), None], pa.timestamp("us", tz="Europe/Warsaw")),
        "money": pa.array([Decimal("12.50"), None], pa.decimal128(9, 2)),
        "none": pa.nulls(2),
    }
    pq.write_table(pa.table(columns), path)
    first, second = rows(path)
    assert {name: first[name] for name in columns} == {
        "int": "13085",
        "float": "0.1",
        "flag": "true",
        "day": "2026-01-31",
        "word": "NA",
        "at": "2026-01-31 09:30:00.000000",
        "zoned": "2026-01-31 10:30:00.000000+0100",
        "money": "12.50",
        "none": "",
    }
    assert {name: second[name] for name in columns} == dict.fromkeys(columns, "") | {"float": "12345678"}
    assert (first[LINE], second[LINE]) == (1, 2)


def test_typed_parquet_times_and_amounts_import(company: Company) -> None:
    at = dt.datetime(2025, 12, 31, 9, 30, tzinfo=dt.UTC)
    pq.write_table(
        pa.table({"id": pa.array([7]), "account": ["a"], "created": pa.array([at], pa.timestamp("ns", tz="Asia/Tokyo"))}),
        company.source / "deals.parquet",
    )
    company.maps(DEALS.replace(".csv", ".parquet"))
    company.imports()
    assert (company.column("deal_id"), company.column("occurred_at")) == (["7"], [at])


def test_a_parquet_column_of_lists_is_refused_when_it_is_mapped(company: Company) -> None:
    pq.write_table(pa.table({"id": [[1]], "account": ["a"], "created": ["2026-01-01"]}), company.source / "deals.parquet")
    company.maps(DEALS.replace(".csv", ".parquet"))
    assert "deals.parquet: the column 'id' is not text, a number or a time (list" in refused(company)


def test_a_missing_column_names_file_column_and_mapping(company: Company) -> None:
    company.has("id,created\nd1,2026-01-01\n")
    assert refused(company) == f"{company.source / 'deals.csv'}:1: no column 'account', which {company.mapping} maps to deals"


def test_an_empty_file(company: Company) -> None:
    company.has("")
    assert refused(company).endswith("deals.csv:1: the file is empty; a header line is needed")


def test_a_header_alone_is_no_mistake(company: Company) -> None:
    company.has("id,account,created\n")
    assert company.imports().total("rows_in") == 0


def test_a_column_twice_in_the_header(company: Company) -> None:
    company.has("id,account,created, id\nd1,a1,2026-01-01,d2\n")
    assert refused(company).endswith("deals.csv:1: the column 'id' stands twice in the header")


def broken(company: Company) -> list[tuple[Any, str]]:
    """The lines and reasons of quarantined rows."""
    return [(row["row"], str(row["reason"])) for row in company.imports().quarantine]


def test_bytes_that_are_not_the_encoding_break_their_row_alone(company: Company) -> None:
    company.has(GOOD.encode() + "Łódź,a,2026-01-01\n".encode("cp1250") + b"d3,a3,2026-01-01\n")
    assert broken(company) == [(3, "holds bytes that are no text: is the encoding right?")]
    assert sorted(company.column("deal_id")) == ["d1", "d3"]


def test_an_unknown_encoding(company: Company) -> None:
    company.has(GOOD)
    company.maps(DEALS, HEAD + "csv: {encoding: klingon}\n")
    assert refused(company).endswith("deals.csv: unknown encoding 'klingon'")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('d2,"a2,2026-01-01', "is no row of CSV (unexpected end of data)"),
        ('d2,"a2"x,2026-01-01', "is no row of CSV (',' expected after '\"')"),
        ("d2,a2", "2 cells where the header has 3"),
        ("d2,a\0,2026-01-01", "control characters: is the encoding right?"),
        ("d2," + "a" * (1 << 20) + ",2026-01-01", f"is no row of CSV (is longer than {1 << 20} characters)"),
        ("d2," + "," * (3 << 20), f"is no row of CSV (is longer than {1 << 20} characters)"),
    ],
)
def test_a_broken_row_breaks_no_other(company: Company, line: str, reason: str) -> None:
    company.has(f"{GOOD}{line}\nd3,a3,2026-01-02\nd4,a4,2026-01-03\n")
    assert broken(company) == [(3, reason)]
    assert sorted(company.column("deal_id")) == ["d1", "d3", "d4"]


def test_a_quote_too_many_in_a_text_of_two_lines_breaks_both_lines(company: Company) -> None:
    company.has('"id","account","created"\n"d1","two\nlines of 5" pipe","2026-01-01"\n"d2","a2","2026-01-02"\n')
    assert [line for line, _ in broken(company)] == [2]
    assert company.column("deal_id") == ["d2"]


@pytest.mark.parametrize("damage", [slice(None, -9), slice(None, 12), slice(5, None)])
def test_a_damaged_gzip(company: Company, damage: slice) -> None:
    company.maps(DEALS.replace(".csv", ".csv.gz"))
    path = company.has(GOOD * 5_000, "deals.csv.gz")
    path.write_bytes(path.read_bytes()[damage])
    assert "deals.csv.gz:" in refused(company)


@pytest.mark.parametrize("at", [10, 2_000])
def test_a_gzip_with_wrong_bytes(company: Company, at: int) -> None:
    company.maps(DEALS.replace(".csv", ".csv.gz"))
    path = company.has(GOOD + "".join(f"d{n},a{n * 7919 % 1009},2026-01-01\n" for n in range(20_000)), "deals.csv.gz")
    content = bytearray(path.read_bytes())
    content[at : at + 8] = b"\xff" * 8
    path.write_bytes(content)
    assert "deals.csv.gz:" in refused(company)


@pytest.mark.parametrize("damage", [slice(None, -1), slice(None, 40), slice(0, 0)])
def test_a_damaged_parquet(company: Company, damage: slice) -> None:
    company.maps(DEALS.replace(".csv", ".parquet"))
    path = company.source / "deals.parquet"
    pq.write_table(pa.table({"id": ["d"], "account": ["a"], "created": ["2026-01-01"]}), path)
    path.write_bytes(path.read_bytes()[damage])
    assert "deals.parquet: cannot be read as Parquet" in refused(company)


def test_parquet_with_damaged_pages(company: Company) -> None:
    company.maps(DEALS.replace(".csv", ".parquet"))
    path = company.source / "deals.parquet"
    pq.write_table(pa.table({"id": [f"d{n}" for n in range(5_000)], "account": ["a"] * 5_000, "created": ["2026-01-01"] * 5_000}), path)
    content = bytearray(path.read_bytes())
    content[4:2_000] = b"\xff" * 1_996
    path.write_bytes(content)
    assert "deals.parquet:1: cannot be read as Parquet" in refused(company)


def test_a_file_that_is_not_there(company: Company) -> None:
    with pytest.raises(InputError, match="no such file; the mapping names it"):
        columns_of(company.source / "x.csv", Csv())
