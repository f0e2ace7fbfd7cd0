"""Ids of records: one form for each, and none that a spreadsheet rewrote."""

import pandas as pd
import pytest

from dealml.importing.parsing.source_ids import rewritten, with_suffix


@pytest.mark.parametrize(("short", "long"), [("0065g00000AbCdE", "0065g00000AbCdEAWN"), ("001D000000IqhSL", "001D000000IqhSLIAZ")])
def test_both_forms_of_an_id_are_one(short: str, long: str) -> None:
    expected = with_suffix(pd.Series([long], dtype="str"))
    assert with_suffix(pd.Series([short], dtype="str")).str[:15].tolist() == [short]
    assert len(with_suffix(pd.Series([short], dtype="str")).iloc[0]) == 18
    assert expected.tolist() == [long]


def test_the_suffix_tells_capitals_from_small_letters() -> None:
    one, other = with_suffix(pd.Series(["001D000000IqhSL", "001D000000iqhsl"], dtype="str")).str.lower()
    assert one != other
    assert with_suffix(pd.Series(["001D000000IqhSL"], dtype="str")).tolist() == ["001D000000IqhSLIAZ"]


@pytest.mark.parametrize("text", ["00123", "123456789012345", "ABCDEFGHIJKLMNO", "D1", "001"])
def test_other_ids_stay_byte_for_byte(text: str) -> None:
    assert with_suffix(pd.Series([text], dtype="str")).tolist() == [text]


@pytest.mark.parametrize("text", ["1.23E+15", "1,23E+15", "4.5e11", "1E+15", "#####", "#N/A", "#REF!"])
def test_a_spreadsheet_s_numbers_and_errors_are_no_ids(text: str) -> None:
    assert rewritten(pd.Series([text], dtype="str")).all()


@pytest.mark.parametrize("text", ["0065E0000012345", "1E15", "A#1", "12.5"])
def test_ids_with_an_e_or_a_hash_are_ids(text: str) -> None:
    assert not rewritten(pd.Series([text], dtype="str")).any()
