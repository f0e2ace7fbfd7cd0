"""`dealml override`: the group of verbs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cli.conftest import Ran
from tests.cli.test_errors import one_line

Run = Callable[..., Ran]


@pytest.mark.parametrize("verb", ["add", "import", "list"])
def test_every_verb_explains_itself(dealml: Run, verb: str) -> None:
    ran = dealml("override", verb, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: dealml override {verb} ")


def test_a_verb_that_is_not_there_is_one_line(dealml: Run) -> None:
    one_line(dealml("override", "D1"), 2, "No such command 'D1'. See: dealml override --help")
