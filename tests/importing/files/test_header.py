"""Headers are names, each of which stands once."""

from pathlib import Path

import pandas as pd
import pytest

from dealml.errors import InputError
from dealml.importing.files.header import checked_header, looks_like_a_row
from dealml.importing.mapping.csv_form import Csv
from dealml.importing.notes import Notes
from dealml.importing.read import columns_of, read_chunks


def test_names_are_trimmed_and_columns_without_a_name_may_stand_there() -> None:
    assert checked_header(Path("t.csv"), 1, ["\ufeffid ", "", ""]) == ["id", "", ""]
    with pytest.raises(InputError, match=r"t\.csv:1: the column 'id' stands twice in the header"):
        checked_header(Path("t.csv"), 1, ["id", "id"])


def test_values_are_no_names() -> None:
    assert looks_like_a_row(["100", "Pump"])
    assert looks_like_a_row(["Pump", "2026-01-05 09:00"])
    assert not looks_like_a_row(["Id", "Amount 2026"])


APART, COMPOSED = "Sa\u0301ldo", "S\u00e1ldo"
"""A name with an accent as a character of its own, as some systems write it, and the name as mappings have it."""


@pytest.mark.parametrize("name", ["t.csv", "t.jsonl", "t.parquet", "t.xlsx"])
def test_names_are_compared_in_one_form(tmp_path: Path, name: str) -> None:
    path, table = tmp_path / name, pd.DataFrame({"id": ["D1"], APART: ["7"]})
    {
        "t.csv": lambda: table.to_csv(path, index=False),
        "t.jsonl": lambda: table.to_json(path, orient="records", lines=True),
        "t.parquet": lambda: table.to_parquet(path),
        "t.xlsx": lambda: table.to_excel(path, index=False),
    }[name]()
    assert columns_of(path, Csv()) == ["id", COMPOSED]
    assert [chunk[COMPOSED].tolist() for chunk in read_chunks(path, Csv(), [COMPOSED], Notes())] == [["7"]]
