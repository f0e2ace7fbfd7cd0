"""`dealml explain` as it is called, and every wrong call as one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.cli.test_errors import one_line
from tests.conftest import CUT, Company

Run = Callable[..., Ran]
DATE, BEFORE = f"{CUT:%Y-%m-%d}", "2025-01-06"


def test_evidence_similar_cases_and_queries_are_told(dealml: Run, company: Company, deal: str) -> None:
    ran = dealml("explain", deal, "--as-of", DATE, "--model", "tiny", "--evidence", "--project", company.project.folder)
    assert ran.code == 0
    for text in (
        "others",
        "by subject: ",
        "most like it",
        "to begin with",
        "what they share",
        "--settled --as-of 2025-02-03",
        "FILTER (alike)",
    ):
        assert text in ran.out, text
    plain = dealml("explain", deal, "--as-of", DATE, "--model", "tiny", "--no-past", "--project", company.project.folder)
    assert "most like it" not in plain.out


def test_json_holds_the_scores_and_what_is_behind_them(dealml: Run, company: Company, deal: str) -> None:
    report = dealml("explain", deal, "--as-of", DATE, "--model", "tiny", "--json", "--project", company.project.folder).json
    assert [*report] == [
        *("entity_id", "as_of", "model", "version", "main_horizon", "outcome_name", "scores", "groups", "subjects", "amount", "currency"),
        *("evidence", "similar", "scenarios", "notes"),
    ]
    assert {"feature", "sentence", "points"} <= report["scores"][0]["reasons"][0].keys()
    assert [*report["groups"][0]] == ["subject", "log_odds", "points", "money"]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["D-none", "--as-of", DATE], 3, "D-none: no deal, account or lead of this name is on record for tiny; is the id right?"),
        (["{deal}", "--as-of", "2020-01-06"], 3, "{deal}: not at stake at 2020-01-06 00:00 UTC; it was from 20"),
        (["{deal}", "--as-of", DATE, "--version", "99"], 4, "99"),
        (["{deal}", "--as-of", DATE, "--evidence", "--no-past"], 2, "leave --no-past out"),
        (["{deal}"], 2, "Missing option '--as-of'"),
        (["--as-of", DATE], 2, "Missing argument 'ENTITY'"),
    ],
)
def test_a_wrong_call_is_one_line(
    dealml: Run, company: Company, deal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = dealml("explain", *(word.format(deal=deal) for word in words), "--model", "tiny", "--project", company.project.folder)
    one_line(ran, code, message.format(deal=deal))
    assert list(tmp_path.iterdir()) == []
