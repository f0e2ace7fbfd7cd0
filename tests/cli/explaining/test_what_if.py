"""`dealml what-if` as it is called, and every wrong call as one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.cli.test_errors import one_line
from tests.conftest import CUT, Company

Run = Callable[..., Ran]
DATE = f"{CUT:%Y-%m-%d}"


def test_what_if_is_told_as_an_association(dealml: Run, company: Company, deal: str) -> None:
    words = ("what-if", deal, "milestones_reached=3", "--as-of", DATE, "--model", "tiny", "--project", company.project.folder)
    ran = dealml(*words)
    assert (ran.code, "association, not effect" in ran.out) == (0, True)
    report = dealml(*words, "--json").json
    assert report["low"] <= report["after"] - report["before"] <= report["high"]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["{deal}", "no_such=1", "--as-of", DATE], 3, "no_such: no such feature of this model"),
        (["{deal}", "segment=SMB", "--as-of", DATE], 3, "segment: nobody can act on it"),
        (["{deal}", "milestones_reached=999", "--as-of", DATE], 3, "milestones_reached=999: outside what comparable cases had"),
        (["{deal}", "milestones_reached=few", "--as-of", DATE], 3, "milestones_reached=few: 'few' is no number"),
        (["{deal}", "milestones_reached", "--as-of", DATE], 2, "milestones_reached: write it as FEATURE=VALUE"),
        (["{deal}", "milestones_reached=", "--as-of", DATE], 2, "milestones_reached=: write it as FEATURE=VALUE"),
        (["{deal}", "--as-of", DATE], 2, "Missing argument 'FEATURE=VALUE...'"),
        (["{deal}", "milestones_reached=3"], 2, "Missing option '--as-of'"),
        (["D-none", "milestones_reached=3", "--as-of", DATE], 3, "D-none: no deal, account or lead of this name is on record for tiny"),
    ],
)
def test_a_wrong_call_is_one_line(
    dealml: Run, company: Company, deal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = dealml("what-if", *(word.format(deal=deal) for word in words), "--model", "tiny", "--project", company.project.folder)
    one_line(ran, code, message.format(deal=deal))
    assert list(tmp_path.iterdir()) == []
