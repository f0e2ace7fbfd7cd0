"""The form of a source's files."""

import pytest
from pydantic import ValidationError

from dealml.importing.mapping.csv_form import Csv


def test_one_sign_cannot_mean_two_things() -> None:
    with pytest.raises(ValidationError, match="cannot both group digits and come before the decimals"):
        Csv(decimal=",", grouping=" ,")


@pytest.mark.parametrize("signs", ["x", "0", "-"])
def test_digits_are_grouped_by_blanks_points_commas_or_apostrophes(signs: str) -> None:
    with pytest.raises(ValidationError, match="grouping"):
        Csv(grouping=signs)
