"""`dealml forecast-backtest`: what it stores is used, the future changes nothing, bad input is one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dealml.jobs.forecasting.backtest import forecast_backtest
from dealml.project import Project
from tests.cli.conftest import Ran
from tests.cli.test_errors import one_line
from tests.conftest import CUT, Company
from tests.ledger_fixtures import cut

Run = Callable[..., Ran]


def test_a_backtest_is_kept_and_used(dealml: Run, copy: Project) -> None:
    words = ["--model", "tiny", "--project", copy.folder]
    ran = dealml("forecast-backtest", "--period-kind", "month", "--periods", "4", *words, "--json")
    report = ran.json
    assert [past["period"] for past in report["past"]] == ["2025-09", "2025-10", "2025-11", "2025-12"]
    assert set(report["pinball"]) == {"model", "commit", "best_case", "stage_weighted", "category_conversion", "run_rate"}
    assert Path(report["file"]).parent == copy.folder / "forecasts"
    later = dealml("forecast", "--as-of", "2025-12-29", "--period", "2026-01", *words, "--json").json
    assert [past["period"] for past in later["track"]["past"]] == ["2025-09", "2025-10", "2025-11"]
    assert any("learned from 3 past months" in note for note in later["notes"])


def test_a_backtest_of_the_past_is_what_it_was_then(copy: Project) -> None:
    whole, _ = forecast_backtest(copy, "month", CUT, "tiny", periods=3)
    shorter = Project(copy.folder)
    shorter.__dict__["ledger"] = cut(copy.ledger, copy.folder / "cut", CUT)
    then, _ = forecast_backtest(shorter, "month", CUT, "tiny", periods=3)
    assert whole == then


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ([], 2, "Missing option '--period-kind'"),
        (["--period-kind", "fortnight"], 2, "Invalid value for '--period-kind'"),
        (["--period-kind", "month", "--periods", "0"], 2, "Invalid value for '--periods'"),
        (["--period-kind", "month", "--period", "2025Q1"], 2, "No such option: --period"),
        (["--period-kind", "month", "--as-of", "soon"], 2, "--as-of: 'soon' is no date"),
        (["--period-kind", "month", "--version", "99"], 4, "no version 99"),
        (["--period-kind", "quarter", "--as-of", "2023-02-01"], 4, "no quarter on record had enough before it"),
    ],
)
def test_bad_input_is_one_line(dealml: Run, company: Company, words: list[str], code: int, message: str) -> None:
    one_line(dealml("forecast-backtest", *words, "--model", "tiny", "--project", company.project.folder), code, message)
