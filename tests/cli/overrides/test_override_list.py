"""`dealml override list` as it is called: every wrong call is one line; what it prints is tested with `override add`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.cli.test_errors import one_line
from tests.conftest import CUT

Run = Callable[..., Ran]
DATE = f"{CUT:%Y-%m-%d}"


def test_nothing_is_listed_where_nobody_judged(dealml: Run, here: tuple[str, Path]) -> None:
    assert dealml("override", "list", "--as-of", DATE, *here).out == f"no overrides stand at {DATE} 00:00 UTC\n"
    assert dealml("override", "list", "--as-of", DATE, *here, "--json").json["overrides"] == []


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--as-of", "soon"], 2, "--as-of: 'soon' is no date"),
        (["--why", "x"], 2, "No such option: --why"),
        (["D1"], 2, "Got unexpected extra argument(s) (D1)"),
    ],
)
def test_a_wrong_call_is_one_line_and_keeps_nothing(
    dealml: Run, here: tuple[str, Path], tmp_path: Path, words: list[str], code: int, message: str
) -> None:
    one_line(dealml("override", "list", *words, *here), code, message)
    assert list(tmp_path.iterdir()) == []
