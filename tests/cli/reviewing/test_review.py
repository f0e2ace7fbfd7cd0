"""`dealml review`: what goes together, the page with its tables, and the page served by a real process."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.conftest import CUT, Company

Run = Callable[..., Ran]
DATE = f"{CUT:%Y-%m-%d}"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "Missing option '--out'"),
        (["--from", DATE, "--to", DATE, "--as-of", DATE], "--to is the moment of this review"),
        (["--to", DATE, "--out", "r.html"], "--to goes with --from DATE"),
        (["--changes", "c.csv", "--as-of", DATE, "--out", "r.html"], "--changes goes with --from DATE --to DATE"),
        (["--tables", "t.xlsx", "--from", DATE, "--to", DATE], "--tables goes with --out FILE"),
        (["--tables", "t.pdf", "--as-of", DATE, "--out", "r.html"], "end the name in .xlsx for a workbook"),
        (["--period", "soon", "--as-of", DATE, "--out", "r.html"], "--period: 'soon' is no period"),
        (["--as-of", DATE, "--out", "r.html", "--from", DATE], "--from: give a moment before --to"),
    ],
)
def test_what_does_not_go_together_is_told_in_one_line(dealml: Run, company: Company, words: list[str], told: str) -> None:
    ran = dealml("review", *words, "--model", "tiny", "--project", company.project.folder)
    assert ran.code == 2
    assert told in ran.err
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


@pytest.fixture
def address(company: Company, tmp_path: Path) -> Iterator[str]:
    """Where a real process serves the page; it must end quietly."""
    words = ["review", "--serve", "--as-of", DATE, "--model", "tiny", "--project", str(company.project.folder)]
    environment = os.environ | {"DEALML_SCORES__URL": f"sqlite:///{tmp_path / 'scores.db'}", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "dealml", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as served:
        assert served.stdout
        assert served.stderr
        found = re.match(r"http://127\.0\.0\.1:\d+/\S+/", served.stdout.readline())
        assert found, served.stderr.read()
        yield found.group()
        served.send_signal(signal.SIGINT)
        assert served.wait(20) in (0, 130)
        assert "Traceback" not in served.stderr.read()


def opened(address: str, form: dict[str, str] | None = None, origin: str = "") -> str:
    data = urllib.parse.urlencode(form).encode() if form else None
    parts = urllib.parse.urlsplit(address)
    asked = urllib.request.Request(address, data, {"Origin": origin or f"{parts.scheme}://{parts.netloc}"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return str(answer.read().decode())


def test_a_judgement_is_entered_in_the_served_page_and_kept(address: str, dealml: Run, company: Company, tmp_path: Path) -> None:
    page = opened(address)
    deal = re.search(r"D\d{6}", page)
    assert deal
    said = {"deal": deal.group(), "probability": "80", "why": "<script>alert(1)</script> signed", "by": "Marta"}
    after = opened(f"{address}override", said)
    assert "Marta" in after
    assert "<script>alert(1)</script>" not in after
    kept = dealml("override", "--list", "--as-of", DATE, "--project", company.project.folder, "--json")
    assert not kept.json["overrides"]  # the company's own database was left alone
    with pytest.raises(urllib.error.HTTPError, match="403"):
        opened(f"{address}override", said, origin="http://elsewhere.example")
    with pytest.raises(urllib.error.HTTPError, match="422"):
        opened(f"{address}override", said | {"probability": "180"})
