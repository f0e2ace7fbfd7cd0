"""What verbs print."""

from __future__ import annotations

import pytest

from dealml.cli.output import say_table


@pytest.mark.parametrize(
    ("cells", "at_right"),
    [
        (("€900", "−€12,000"), True),
        (("PLN\u00a0900", "+PLN\u00a012,000"), True),
        (("under 1%", "88%"), True),
        (("over 99%", "–"), True),
        (("-1.5", ""), True),
        (("Acme", "9"), False),
        (("EUR", "9"), False),
        (("under way", "9"), False),
        (("–not", "9"), False),
    ],
)
def test_columns_of_numbers_stand_to_the_right(cells: tuple[str, str], at_right: bool, capsys: pytest.CaptureFixture[str]) -> None:
    say_table(("a rather long head", "next"), [[cell, "|"] for cell in cells])
    for cell, line in zip(cells, capsys.readouterr().out.split("\n")[1:], strict=False):
        first, _, _ = line.partition("|")
        width = len("a rather long head")
        assert first[:width] == (cell.rjust(width) if at_right else cell.ljust(width))
