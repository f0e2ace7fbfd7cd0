"""Headers are names, each of which stands once."""

from pathlib import Path

import pytest

from dealml.errors import InputError
from dealml.importing.files.header import checked_header, looks_like_a_row


def test_names_are_trimmed_and_columns_without_a_name_may_stand_there() -> None:
    assert checked_header(Path("t.csv"), 1, ["\ufeffid ", "", ""]) == ["id", "", ""]
    with pytest.raises(InputError, match=r"t\.csv:1: the column 'id' stands twice in the header"):
        checked_header(Path("t.csv"), 1, ["id", "id"])


def test_values_are_no_names() -> None:
    assert looks_like_a_row(["100", "Pump"])
    assert looks_like_a_row(["Pump", "2026-01-05 09:00"])
    assert not looks_like_a_row(["Id", "Amount 2026"])
