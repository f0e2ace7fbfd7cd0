"""`dealml override add` as it is called, and every wrong call as one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.cli.test_errors import one_line
from tests.conftest import CUT

Run = Callable[..., Ran]
DATE = f"{CUT:%Y-%m-%d}"
HALF = ("--probability", "0.5", "--why", "x", "--by", "Ann")
SAID = ("--probability", "0.8", "--at", DATE, "--why", "=1+1", "--by", "<script>alert(1)</script>", "--model", "tiny")


def test_an_override_is_kept_told_and_listed(dealml: Run, here: tuple[str, Path], deals: list[str]) -> None:
    ran = dealml("override", "add", deals[0], *SAID, "--amount", "1200", "--close", "2025-03-03", *here)
    assert ran.code == 0, ran.err
    assert f"{deals[0]}, won before 2025-04-01 00:00 UTC: <script>alert(1)</script> says 80.0%, tiny version 1 says" in ran.out
    again = dealml("override", "add", deals[0], *SAID, "--amount", "1200", "--close", "2025-03-03", *here)
    assert (again.code, "nothing changed" in again.out) == (0, True)
    listed = dealml("override", "list", "--as-of", DATE, *here)
    for word in (deals[0], "80.0%", "€1,200.00", "2025-03-03", "=1+1", "<script>alert(1)</script>"):
        assert word in listed.out, word
    (report,) = dealml("override", "list", "--as-of", DATE, *here, "--json").json["overrides"]
    assert (report["probability"], report["amount"], report["why"]) == (0.8, "1200", "=1+1")
    assert 0 < report["model"]["probability"] < 1
    assert dealml("override", "list", "--as-of", "2025-04-01", *here, "--json").json["overrides"] == []
    assert dealml("override", "list", "--as-of", "2025-04-01", *here).out == "no overrides stand at 2025-04-01 00:00 UTC\n"


def test_json_tells_what_is_new(dealml: Run, here: tuple[str, Path], deals: list[str]) -> None:
    report = dealml("override", "add", deals[0], *SAID, "--period", "2025-02", *here, "--json").json
    assert [override["until"] for override in report["new"]] == ["2025-03-01T00:00:00+00:00"]
    assert report["already_there"] == 0


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ([], 2, "Missing argument 'DEAL'"),
        (["D1", *HALF, "--as-of", DATE], 2, "No such option: --as-of"),
        (["D1", "--why", "x", "--by", "Ann"], 2, "--probability: nothing is said of the deal"),
        (["D1", "--probability", "0.5", "--by", "Ann"], 2, "--why: is missing"),
        (["D1", "--probability", "0.5", "--why", "x"], 2, "--by: is missing"),
        (["D1", "--probability", "1.2", "--why", "x", "--by", "Ann"], 2, "--probability: '1.2' is no share from 0 to 1"),
        (["D1", "--probability", "-1", "--why", "x", "--by", "Ann"], 2, "--probability: '-1' is no share from 0 to 1"),
        (["D1", "--amount", "lots", "--why", "x", "--by", "Ann"], 2, "--amount: 'lots' is no amount"),
        (["D1", "--amount", "5", "--currency", "euro", "--why", "x", "--by", "Ann"], 2, "--currency: 'euro' is no currency"),
        (["D1", "--close", "soon", "--why", "x", "--by", "Ann"], 2, "--close: 'soon' is no date"),
        (["D1", *HALF, "--at", "2999-01-01"], 2, "--at: '2999-01-01' is in the future"),
        (["D1", *HALF, "--until", "2020-01-01"], 2, "is over before the override is made"),
        (["D1", *HALF, "--period", "soon"], 2, "--period: 'soon' is no period"),
        (
            ["D1", *HALF, "--period", "2999", "--until", "2999-01-01"],
            2,
            "give one of the two",
        ),
        (["", *HALF], 2, "DEAL: is missing"),
        (
            ["D999999", *HALF, "--at", DATE, "--model", "tiny"],
            3,
            "D999999: no deal that was open",
        ),
        (["D1", *HALF, "--model", "account_churn"], 2, "is a model of accounts"),
        (["D1", *HALF, "--model", "nonsense"], 2, "no model 'nonsense'"),
    ],
)
def test_a_wrong_call_is_one_line_and_keeps_nothing(
    dealml: Run, here: tuple[str, Path], tmp_path: Path, words: list[str], code: int, message: str
) -> None:
    one_line(dealml("override", "add", *words, *here), code, message)
    assert list(tmp_path.iterdir()) == []
