"""`dealml outlook`: all open deals as a table, one in words, both as JSON; errors stand in test_errors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow.csv
import pytest

from dealml.project import Project
from tests.cli.conftest import Ran
from tests.cli.test_errors import one_line
from tests.close_date_fixtures import MONDAY, with_outlook

Run = Callable[..., Ran]
DATE = f"{MONDAY:%Y-%m-%d}"


@pytest.fixture(scope="module")
def project(copied: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory) -> Project:
    return with_outlook(copied, tmp_path_factory.mktemp("outlook") / "project")


@pytest.fixture
def words(project: Project) -> tuple[object, ...]:
    return ("outlook", "--as-of", DATE, "--model", "small", "--project", project.folder)


def test_all_open_deals(dealml: Run, words: tuple[object, ...], tmp_path: Path) -> None:
    report = dealml(*words, "--json").json
    ran = dealml(*words, "--out", tmp_path / "o.csv")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{len(report['deals'])} open deals as of 2025-08-25 00:00 UTC; within 90 days, by the end of 2025-11-22:")
    assert all(deal["deal_id"] in ran.out for deal in report["deals"])
    assert "passed" in ran.out
    assert pyarrow.csv.read_csv(tmp_path / "o.csv").num_rows == len(report["deals"])
    assert set(report) == {"as_of", "by", "days", "model", "version", "completed_by", "deals", "notes", "older_rules"}


def test_one_deal_in_words(dealml: Run, words: tuple[object, ...]) -> None:
    deals = dealml(*words, "--json").json["deals"]
    ahead = next(deal for deal in deals if deal["at_close"] and deal["expected"])
    ran = dealml(*words, ahead["deal_id"]).out
    assert ran.startswith(f"{ahead['deal_id']} as of 2025-08-25 00:00 UTC, small version 1 with small_loss: {ahead['name']}")
    by, close = ahead["by"], ahead["at_close"]
    assert f"by the end of 2025-11-22: won {by['won']:.1%}, lost {by['lost']:.1%}, still open {by['open']:.1%}" in ran
    assert f"expected to close, won or lost, on {ahead['expected']}; with 80% between {ahead['early']} and " in ran
    assert f"when its close date, {ahead['close_date']}, is over: won {close['won']:.1%}" in ran
    assert f"it slips with {ahead['slips']:.1%}" in ran
    passed = next(deal for deal in deals if deal["slipped"])
    assert f"its close date, {passed['close_date']}, has passed: it slipped already" in dealml(*words, passed["deal_id"]).out


def test_a_date_counts_until_its_end(dealml: Run, words: tuple[object, ...]) -> None:
    assert dealml(*words, "--by", "2025-09-30", "--json").json["by"] == "2025-10-01T00:00:00+00:00"
    assert dealml(*words, "--by", "2025-09-30T00:00:00", "--json").json["by"] == "2025-09-30T00:00:00+00:00"
    assert dealml(*words, "--by", DATE, "--json").json["days"] == 1.0


def test_an_unknown_deal(dealml: Run, words: tuple[object, ...]) -> None:
    one_line(dealml(*words, "D999999"), 3, "D999999: no open deal at 2025-08-25 00:00; is the id right")


def test_notes_go_to_standard_error(dealml: Run, words: tuple[object, ...]) -> None:
    ran = dealml(*words, "--by", "2026-12-31")
    assert ran.code == 0
    assert ran.err.startswith("note: past 180 days deals are taken to end at the pace of the days before")
