"""A file of overrides: sound to its end, or up to the first row that is not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dealml.errors import InputError
from dealml.judgement.read_csv import Read, read_overrides

NOW = datetime(2026, 2, 10, 12, tzinfo=UTC)


def read(folder: Path, content: str | bytes) -> Read:
    file = folder / "said.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_overrides(file, NOW, "EUR")


def test_rows_with_their_lines(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "\ufeffdeal,probability,amount,currency,close,period,until,at,why,by\n"
        'D1,0.8,,,,2026Q1,,2026-01-05,"signed, says\nthe CFO",Ann\n\n'
        "D2,,100,USD,,,2026-03-01,,=1+1,<script>alert(1)</script>\n",
    )
    assert found.mistake is None
    assert [where.rpartition(":")[2] for where, _ in found.rows] == ["2", "5"]
    (_, one), (_, two) = found.rows
    assert (one.deal_id, one.probability, one.amount, one.why) == ("D1", 0.8, None, "signed, says\nthe CFO")
    assert (two.currency, two.made_at, two.why, two.who) == ("USD", NOW, "=1+1", "<script>alert(1)</script>")


def test_a_file_without_rows(tmp_path: Path) -> None:
    assert read(tmp_path, "deal,probability,why,by\n") == Read([], None)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("D2,2,x,Ann", "said.csv:3: probability: '2' is no share"),
        ("D2,0.5,,Ann", "said.csv:3: why: is missing"),
        ("D2,0.5,x", "said.csv:3: row: 3 cells where the header has 4"),
        (",0.5,x,Ann", "said.csv:3: deal: is missing"),
    ],
)
def test_the_first_bad_row_ends_it(tmp_path: Path, row: str, told: str) -> None:
    found = read(tmp_path, f"deal,probability,why,by\nD1,0.5,x,Ann\n{row}\nD3,7,x,Ann\n")
    assert len(found.rows) == 1
    assert told in str(found.mistake)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "said.csv:1: the file is empty"),
        ("deal,probability,by\n", "said.csv:1: the column 'why' is missing"),
        ("deal;probability;why;by\n", "said.csv:1: the column 'deal' is missing"),
        ("deal,why,by\n", "said.csv:1: a column is missing with what is said of the deal: probability, amount or close"),
        ("deal,why,by,probabilty\n", "no column of an override is called 'probabilty'"),
        ("deal,why,why,by\n", "the column 'why' stands twice"),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, content: str | bytes, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read(tmp_path, content)


def test_a_row_in_another_encoding_is_refused(tmp_path: Path) -> None:
    mistake = read(tmp_path, b"deal,probability,why,by\nD1,0.5,\xff,Ann\n").mistake
    assert str(mistake).endswith("said.csv:2: row: holds bytes that are no text: is the encoding right?")


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.csv: no such file$"):
        read_overrides(tmp_path / "absent.csv", NOW, "EUR")
