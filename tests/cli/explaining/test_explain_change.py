"""`dealml explain-change` as it is called, and every wrong call as one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.cli.test_errors import one_line
from tests.conftest import CUT, Company

Run = Callable[..., Ran]
DATE, BEFORE = f"{CUT:%Y-%m-%d}", "2025-01-06"


def test_a_change_is_told_for_one_and_for_all(dealml: Run, company: Company, deal: str, tmp_path: Path) -> None:
    words = ("--from", BEFORE, "--to", DATE, "--model", "tiny", "--project", company.project.folder)
    change = dealml("explain-change", deal, *words, "--json").json
    parts = change["parts"]
    assert abs(sum(part["points"] for part in parts) - parts[0]["probability_after"] + parts[0]["probability_before"]) < 1e-9
    ran = dealml("explain-change", *words, "--out", tmp_path / "changes.csv")
    assert (ran.code, "passage of time" in ran.out, (tmp_path / "changes.csv").is_file()) == (0, True, True)


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["{deal}", "--from", BEFORE], 2, "Missing option '--to'"),
        (["{deal}", "--to", BEFORE], 2, "Missing option '--from'"),
        (["{deal}", "--from", "soon", "--to", DATE], 2, "--from: 'soon' is no date"),
        (["{deal}", "--from", DATE, "--to", BEFORE], 2, "--from: give a moment before --to"),
        (["{deal}", "--from", DATE, "--to", DATE], 2, "give a moment before --to, or the same one with --from-version N"),
        (["{deal}", "--from", "2020-01-06", "--to", DATE], 3, "{deal}: not at stake at 2020-01-06"),
        (["{deal}", "--from", BEFORE, "--to", DATE, "--as-of", DATE], 2, "No such option: --as-of"),
        (["{deal}", "--from", BEFORE, "--to", DATE, "--from-version", "99"], 4, "99"),
        (["{deal}", "--from", BEFORE, "--to", DATE, "--out", "parts.txt"], 2, ".parquet or .csv"),
    ],
)
def test_a_wrong_call_is_one_line(
    dealml: Run, company: Company, deal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = dealml("explain-change", *(word.format(deal=deal) for word in words), "--model", "tiny", "--project", company.project.folder)
    one_line(ran, code, message.format(deal=deal))
    assert list(tmp_path.iterdir()) == []


def test_the_changes_of_all_are_those_of_one_model(dealml: Run, company: Company) -> None:
    ran = dealml("explain-change", "--from", BEFORE, "--to", DATE, "--project", company.project.folder)
    one_line(ran, 2, "the changes of all are those of one model: give --model ")
