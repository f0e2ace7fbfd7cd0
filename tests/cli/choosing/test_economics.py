"""`dealml economics` prints the best and the worst, one deal term by term, and one JSON object."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.economics.economics_fixtures import company, hand_made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hand_made(tmp_path_factory.mktemp("economics") / "p", company()).project.folder


def test_all_deals_by_expected_value(dealml: Callable[..., Ran], folder: Path) -> None:
    ran = dealml("economics", "--as-of", "2026-01-01", "--project", folder)
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == "2 open deals as of 2026-01-01 00:00 UTC; expected value over 36 months after the win"
    assert [line.split()[0] for line in lines if line.startswith(("small", "large"))] == ["small", "large"]
    assert "€13,865" in ran.out
    assert "−€11,700" in ran.out
    assert "1 cost more than they are expected to bring" in ran.out
    assert "advice, not a decision" in ran.out


def test_one_deal_as_its_terms(dealml: Callable[..., Ran], folder: Path) -> None:
    out = dealml("economics", "small", "--as-of", "2026-01-01", "--project", folder).out
    for words in ("price after discount", "€12,000", "latest offer, after its discount", "8.0 months", "= expected value", "€13,865"):
        assert words in out
    large = dealml("economics", "large", "--as-of", "2026-01-01", "--project", folder).out
    assert "49.9 months" in large
    assert "the expected value is without: strategic value" in large


def test_json_is_one_object_with_every_term(dealml: Callable[..., Ran], folder: Path) -> None:
    report = dealml("economics", "--as-of", "2026-01-01", "--project", folder, "--json").json
    small, large = report["cases"]
    assert (small["id"], large["id"]) == ("small", "large")
    assert large["terms"]["customisation"]["value"] == pytest.approx(90_000)
    strategic = {"source": "missing: no strategic value is declared", "missing": "left out of it"}
    assert large["terms"]["strategic_value"] == dict.fromkeys(("value", "low", "high", "moves")) | strategic
    assert sum(small["parts"].values()) == pytest.approx(small["expected_value"])
    assert report["settings"]["horizon_months"] == 36
    assert "advice" in report


def test_the_file_is_written_and_named(dealml: Callable[..., Ran], folder: Path, tmp_path: Path) -> None:
    ran = dealml("economics", "--as-of", "2026-01-01", "--project", folder, "--out", tmp_path / "e.csv")
    assert f"{tmp_path / 'e.csv'}: written" in ran.out
    assert (tmp_path / "e.csv").read_text(encoding="utf-8").count("\n") == 3


def test_errors_are_one_line(dealml: Callable[..., Ran], folder: Path, tmp_path: Path) -> None:
    gone = dealml("economics", "w1", "--as-of", "2026-01-01", "--project", folder)
    assert (gone.code, gone.err.count("\n")) == (3, 1)
    other = hand_made(tmp_path / "q", company(), settings="horizon_months = 0").project.folder
    wrong = dealml("economics", "--as-of", "2026-01-01", "--project", other)
    assert wrong.code == 3
    assert "models/economics.toml: horizon_months: Input should be greater than 0" in wrong.err


def test_a_ledger_without_scores_says_what_to_run(dealml: Callable[..., Ran], tmp_path: Path) -> None:
    folder = hand_made(tmp_path / "p", company(), {}).project.folder
    ran = dealml("economics", "--as-of", "2026-01-01", "--project", folder)
    assert ran.code == 0
    assert "2 of unknown value; missing: win" in ran.out
    assert "run: dealml score deal_win --as-of 2026-01-01" in ran.err
