"""`dealml serve`: the page served by a real process, and every wrong call as one line."""

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
from tests.cli.test_errors import one_line
from tests.conftest import CUT, Company

Run = Callable[..., Ran]
DATE = f"{CUT:%Y-%m-%d}"


@pytest.fixture
def address(company: Company, tmp_path: Path) -> Iterator[str]:
    """Where a real process serves the page; it must end quietly."""
    words = ["serve", "--as-of", DATE, "--model", "tiny", "--project", str(company.project.folder)]
    environment = os.environ | {"DEALML_SCORES__URL": f"sqlite:///{tmp_path / 'scores.db'}", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "dealml", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as served:
        assert served.stdout
        assert served.stderr
        report = re.match(r"http://127\.0\.0\.1:\d+/\S+/", served.stdout.readline())
        assert report, served.stderr.read()
        yield report.group()
        served.send_signal(signal.SIGINT)
        assert served.wait(20) in (0, 130)
        assert "Traceback" not in served.stderr.read()


def opened(address: str, form: dict[str, str] | None = None, origin: str = "") -> str:
    data = urllib.parse.urlencode(form).encode() if form else None
    parts = urllib.parse.urlsplit(address)
    request = urllib.request.Request(address, data, {"Origin": origin or f"{parts.scheme}://{parts.netloc}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return str(answer.read().decode())


def test_a_judgement_is_entered_in_the_served_page_and_kept(address: str, dealml: Run, company: Company, tmp_path: Path) -> None:
    page = opened(address)
    deal = re.search(r"D\d{6}", page)
    assert deal
    form = {"deal": deal.group(), "probability": "80", "why": "<script>alert(1)</script> signed", "by": "Marta"}
    after = opened(f"{address}override", form)
    assert "Marta" in after
    assert "<script>alert(1)</script>" not in after
    listed = dealml("override", "list", "--as-of", DATE, "--project", company.project.folder, "--json")
    assert not listed.json["overrides"]  # the company's own database was left alone
    with pytest.raises(urllib.error.HTTPError, match="403"):
        opened(f"{address}override", form, origin="http://elsewhere.example")
    with pytest.raises(urllib.error.HTTPError, match="422"):
        opened(f"{address}override", form | {"probability": "180"})


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ([], 2, "Missing option '--as-of': give the moment"),
        (["--as-of", "soon"], 2, "--as-of: 'soon' is no date"),
        (["--as-of", DATE, "--period", "soon"], 2, "--period: 'soon' is no period"),
        (["--as-of", DATE, "--from", "soon"], 2, "--from: 'soon' is no date"),
        (["--as-of", DATE, "--from", DATE], 2, "--from: give a moment before --to"),
        (["--as-of", DATE, "--port", "70000"], 2, "Invalid value for '--port'"),
        (["--as-of", DATE, "--version", "99"], 4, "no version 99"),
        (["--as-of", DATE, "--out", "r.html"], 2, "No such option: --out"),
    ],
)
def test_a_wrong_call_is_one_line(dealml: Run, company: Company, words: list[str], code: int, message: str) -> None:
    one_line(dealml("serve", *words, "--model", "tiny", "--project", company.project.folder), code, message)
