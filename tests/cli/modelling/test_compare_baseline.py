"""`dealml compare-baseline`: a table, one object, the page, and errors that can be acted on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.conftest import Company

Run = Callable[..., Ran]


def test_the_scorecard_is_the_baseline_by_default(dealml: Run, company: Company, tmp_path: Path) -> None:
    page = tmp_path / "against.html"
    report = dealml("compare-baseline", "tiny", "--out", page, "--project", company.project.folder, "--json").json
    assert report["baseline"] == "heuristic"
    assert 0 <= report["heuristic"]["wins"]["value"] <= 1
    ahead = report["ahead"]["wins"]
    assert ahead["value"] == pytest.approx(report["model"]["wins"]["value"] - report["heuristic"]["wins"]["value"])
    assert ahead["low"] <= ahead["value"] <= ahead["high"]
    assert report["worked_a_week"] == pytest.approx(0.2 * report["open_a_week"])
    assert report["verdict"] in ("more", "as many", "fewer")
    text = page.read_text(encoding="utf-8")
    assert report["verdict_in_words"][0] in text
    assert "demos" in " ".join(report["notes"])  # tiny has no such feature: the rule is named


def test_any_baseline_at_any_capacity(dealml: Run, company: Company) -> None:
    """`tiny` shows no amount, so nothing is said of money."""
    words = ("compare-baseline", "tiny", "--baseline", "stage_rates", "--capacity", "5", "--project", company.project.folder)
    report = dealml(*words, "--json").json
    assert report["baseline"] == "stage_rates"
    assert report["worked_a_week"] <= 5
    assert (report["file"], report["money_with_outcome"]) == (None, None)
    ran = dealml(*words)
    assert (ran.code, ran.err) == (0, "")
    for part in ("stage rates", "outcomes on its lists", "dealml ahead by", report["verdict_in_words"][0]):
        assert part in ran.out
    assert "nan" not in ran.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--baseline", "nobody"), "--baseline: no baseline 'nobody'; there is base_rate, stage_rates, heuristic"),
        (
            ("--baseline", "rep_probability"),
            "--baseline rep_probability: the ledger lacks what it needs (docs/metrics.md)",
        ),
        (("--capacity", "0"), "--capacity"),
        (("--out", "page.txt"), "end the file's name in .html"),
    ],
)
def test_mistakes_are_named(dealml: Run, company: Company, words: tuple[str, ...], message: str) -> None:
    ran = dealml("compare-baseline", "tiny", *words, "--project", company.project.folder)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert ran.err.count("\n") == 1
