"""`dealml review`: what is missing from a call, and the page with its tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.conftest import CUT, Company

Run = Callable[..., Ran]
DATE = f"{CUT:%Y-%m-%d}"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "Missing option '--out'"),
        (["--from", DATE, "--to", DATE, "--as-of", DATE], "--to is the moment of this review"),
        (["--changes", "c.csv", "--as-of", DATE, "--out", "r.html"], "Missing option '--from': --changes is about what changed since"),
        (
            ["--from-version", "1", "--as-of", DATE, "--out", "r.html"],
            "Missing option '--from': --from-version is about what",
        ),
        (["--tables", "t.xlsx", "--from", DATE, "--to", DATE], "Missing option '--out': name the page whose tables --tables writes"),
        (["--tables", "t.pdf", "--as-of", DATE, "--out", "r.html"], "end the name in .xlsx for a workbook"),
        (["--period", "soon", "--as-of", DATE, "--out", "r.html"], "--period: 'soon' is no period"),
        (["--as-of", DATE, "--out", "r.html", "--from", DATE], "--from: give a moment before --to"),
    ],
)
def test_what_is_missing_or_given_twice_is_one_line(dealml: Run, company: Company, words: list[str], message: str) -> None:
    ran = dealml("review", *words, "--model", "tiny", "--project", company.project.folder)
    assert ran.code == 2
    assert message in ran.err
    assert ran.err.count("\n") == 1
    assert not Path("r.html").exists()


def test_page_and_workbook_are_written_together(dealml: Run, company: Company, tmp_path: Path) -> None:
    page, book = tmp_path / "r.html", tmp_path / "r.xlsx"
    words = ["--as-of", DATE, "--from", "2025-01-06", "--out", page, "--tables", book, "--model", "tiny"]
    ran = dealml("review", *words, "--project", company.project.folder)
    assert ran.code == 0, ran.err
    assert page.stat().st_size > 50_000
    assert book.read_bytes()[:2] == b"PK"
    assert "the page does not show track" in ran.err


def test_to_is_another_word_for_as_of(dealml: Run, company: Company, tmp_path: Path) -> None:
    pages = []
    for option in ("--as-of", "--to"):
        ran = dealml("review", option, DATE, "--out", tmp_path / "r.html", "--model", "tiny", "--project", company.project.folder)
        assert ran.code == 0, ran.err
        pages.append((tmp_path / "r.html").read_bytes())
    assert pages[0] == pages[1]
