"""`dealml deal-report` as it is called, and every wrong call as one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.cli.test_errors import one_line
from tests.conftest import CUT, Company

Run = Callable[..., Ran]
DATE = f"{CUT:%Y-%m-%d}"


def test_the_page_is_written(dealml: Run, company: Company, deal: str, tmp_path: Path) -> None:
    words = ("deal-report", deal, "--as-of", DATE, "--model", "tiny", "--out", tmp_path / "d.html", "--project", company.project.folder)
    report = dealml(*words, "--json").json
    page = (tmp_path / "d.html").read_bytes()
    assert report == {"file": str(tmp_path / "d.html"), "bytes": len(page)}
    assert deal in page.decode()
    ran = dealml(*words)
    assert (ran.code, ran.out) == (0, f"{tmp_path / 'd.html'}: {len(page) // 1024} KB\n")


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["{deal}", "--as-of", DATE], 2, "Missing option '--out'"),
        (["{deal}", "--as-of", DATE, "--out", "page.txt"], 2, "end the file's name in .html"),
        (["{deal}", "--as-of", DATE, "--out", "none/page.html"], 3, "none"),
        (["{deal}", "--out", "page.html"], 2, "Missing option '--as-of'"),
        (["{deal}", "--as-of", DATE, "--out", "page.html", "--version", "99"], 4, "99"),
        (["D-none", "--as-of", DATE, "--out", "page.html"], 3, "D-none: no deal, account or lead of this name is on record for tiny"),
    ],
)
def test_a_wrong_call_is_one_line(
    dealml: Run, company: Company, deal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = dealml("deal-report", *(word.format(deal=deal) for word in words), "--model", "tiny", "--project", company.project.folder)
    one_line(ran, code, message.format(deal=deal))
    assert list(tmp_path.iterdir()) == []
