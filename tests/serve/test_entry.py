"""What a form holds, as the command line takes it."""

import pytest

from dealml.errors import UsageError
from dealml.serve.entry import entry_of


@pytest.mark.parametrize(
    ("told", "share"), [("80", "0.8"), ("80%", "0.8"), (" 7.5 % ", "0.075"), ("0", "0"), ("100", "1"), ("33.333333", "0.33333333")]
)
def test_a_chance_is_entered_in_percent(told: str, share: str) -> None:
    assert entry_of({"deal": "d1", "probability": told})["probability"] == share


@pytest.mark.parametrize("told", ["101", "-5", "1e2", "eighty", "٨٠", "8 0", "80%%", "nan", "1,5", ".5"])
def test_a_chance_that_is_no_percentage_is_refused_in_one_line(told: str) -> None:
    with pytest.raises(UsageError, match=r"chance: .* is no percentage; give a number from 0 to 100"):
        entry_of({"deal": "d1", "probability": told})


def test_blank_fields_are_not_said_and_unknown_ones_not_passed_on() -> None:
    form = {"deal": "d1", "probability": "", "amount": " 5000 ", "close": "", "why": "so", "by": "Marta", "at": "2020-01-01", "model": "x"}
    assert entry_of(form) == {"deal": "d1", "amount": "5000", "why": "so", "by": "Marta"}
