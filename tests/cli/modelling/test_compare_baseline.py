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
    found = dealml("compare-baseline", "tiny", "--out", page, "--project", company.project.folder, "--json").json
    assert found["baseline"] == "heuristic"
    assert 0 <= found["heuristic"]["wins"]["value"] <= 1
    ahead = found["ahead"]["wins"]
    assert ahead["value"] == pytest.approx(found["model"]["wins"]["value"] - found["heuristic"]["wins"]["value"])
    assert ahead["low"] <= ahead["value"] <= ahead["high"]
    assert found["worked_a_week"] == pytest.approx(0.2 * found["open_a_week"])
    assert found["verdict"] in ("more", "as many", "fewer")
    text = page.read_text(encoding="utf-8")
    assert found["verdict_in_words"][0] in text
    assert "demos" in " ".join(found["notes"])  # tiny has no such feature: the rule is named


def test_any_baseline_at_any_capacity(dealml: Run, company: Company) -> None:
    """`tiny` shows no amount, so nothing is said of money."""
    words = ("compare-baseline", "tiny", "--baseline", "stage_rates", "--capacity", "5", "--project", company.project.folder)
    found = dealml(*words, "--json").json
    assert found["baseline"] == "stage_rates"
    assert found["worked_a_week"] <= 5
    assert (found["file"], found["money_with_outcome"]) == (None, None)
    told = dealml(*words)
    assert (told.code, told.err) == (0, "")
    for part in ("stage rates", "outcomes on its lists", "dealml ahead by", found["verdict_in_words"][0]):
        assert part in told.out
    assert "nan" not in told.out


@pytest.mark.parametrize(
    ("words", "told"),
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
def test_mistakes_are_named(dealml: Run, company: Company, words: tuple[str, ...], told: str) -> None:
    ran = dealml("compare-baseline", "tiny", *words, "--project", company.project.folder)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert ran.err.count("\n") == 1
