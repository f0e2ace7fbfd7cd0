"""`dealml forecast`: the forecast adds up, the future changes nothing, bad input is one line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from dealml.forecast.period_forecast import OverriddenInputs
from dealml.jobs.forecasting.forecast import run_forecast
from dealml.period import Period
from dealml.project import Project
from tests.cli.conftest import Ran
from tests.cli.test_errors import one_line
from tests.conftest import CUT, Company
from tests.ledger_fixtures import cut

Run = Callable[..., Ran]
DATE, QUARTER = f"{CUT:%Y-%m-%d}", Period.parse("2025Q1")


def test_a_forecast_adds_up(dealml: Run, company: Company, tmp_path: Path) -> None:
    out = tmp_path / "deals.csv"
    words = ["--as-of", DATE, "--period", "2025Q1", "--model", "tiny", "--project", company.project.folder]
    ran = dealml("forecast", *words, "--out", out, "--json")
    report, deals = ran.json, pd.read_csv(out)
    assert sum(report["bridge"].values()) == pytest.approx(report["total"]["mean"])
    assert sum(report["wide_because"].values()) == pytest.approx(1.0)
    assert list(report["wide_because"].values()) == sorted(report["wide_because"].values(), reverse=True)
    for groups in report["groups"].values():
        assert sum(group["mean"] for group in groups.values()) == pytest.approx(report["total"]["mean"])
    assert deals["expected"].sum() == pytest.approx(report["bridge"]["Open deals at their chances"])
    assert len(deals) == report["deals"]
    assert deals["probability"].between(0, 1).all()
    total = report["total"]
    assert report["won_so_far"] <= total["p10"] < total["p50"] < total["p90"]
    assert all(rival["amount"] is not None for rival in report["rivals"].values())
    assert report["track"] is None
    assert any("dealml forecast-backtest --period-kind quarter" in note for note in report["notes"])
    assert any("the ledger has no subscriptions" in note or "account_churn" in note for note in report["notes"])


def test_in_words(dealml: Run, company: Company) -> None:
    ran = dealml("forecast", "--as-of", DATE, "--period", "2025-02", "--model", "tiny", "--project", company.project.folder)
    assert ran.code == 0
    for words in ("2025-02, seen from 2025-02-03", "4 times in 5 between", "Deals not yet created", "luck of single deals", "Run rate"):
        assert words in ran.out
    assert "note: deals not yet created are drawn from what" in ran.err


def test_what_was_recorded_later_changes_nothing(copy: Project) -> None:
    whole = run_forecast(copy, CUT, QUARTER, "tiny")
    shorter = Project(copy.folder)
    shorter.__dict__["ledger"] = cut(copy.ledger, copy.folder / "cut", CUT)
    then = run_forecast(shorter, CUT, QUARTER, "tiny")
    pd.testing.assert_frame_equal(whole.deals, then.deals)
    assert vars(whole.forecast) == vars(then.forecast)


def test_people_stand_beside_the_model(company: Company) -> None:
    plain = run_forecast(company.project, CUT, QUARTER, "tiny")
    first = plain.deals.sort_values("expected").iloc[-1]
    judged = run_forecast(company.project, CUT, QUARTER, "tiny", judged={first.deal_id: OverriddenInputs(0.0, None, "")}).forecast
    assert judged.judged is not None
    assert judged.total == plain.forecast.total
    assert judged.judged.mean < judged.total.mean
    twice = OverriddenInputs(None, 2 * float(first.amount), "EUR")
    doubled = run_forecast(company.project, CUT, QUARTER, "tiny", judged={first.deal_id: twice}).forecast
    assert doubled.judged is not None
    assert doubled.judged.mean > doubled.total.mean


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--as-of", "2025-04-01", "--period", "2025Q1"], 2, "--period: 2025Q1 was over on 2025-04-01"),
        (["--as-of", DATE], 2, "Missing option '--period'"),
        (["--period", "2025Q1"], 2, "Missing option '--as-of'"),
        (["--as-of", DATE, "--period", "2025Q5"], 2, "'2025Q5' is no period"),
        (["--as-of", "soon", "--period", "2025Q1"], 2, "'soon' is no date"),
        (["--as-of", DATE, "--period", "2025Q1", "--out", "deals.txt"], 2, ".parquet or .csv"),
        (["--as-of", "2023-01-20", "--period", "2023Q1"], 4, "2023Q1: no whole quarter before 2023-01-20 is on record"),
        (["--as-of", "2020-01-01", "--period", "2020Q1"], 3, "no deal was on record before 2020-01-01"),
        (["--as-of", DATE, "--period", "2025Q1", "--version", "99"], 4, "99"),
    ],
)
def test_bad_input_is_one_line(dealml: Run, company: Company, words: list[str], code: int, message: str) -> None:
    one_line(dealml("forecast", *words, "--model", "tiny", "--project", company.project.folder), code, message)


def test_a_model_that_does_not_speak_of_wins(dealml: Run, company: Company) -> None:
    words = ["--as-of", DATE, "--period", "2025Q1", "--model", "account_churn"]
    one_line(dealml("forecast", *words, "--project", company.project.folder), 4, "account_churn: does not say whether deals are won")


def test_nothing_trained(dealml: Run, copied: Callable[[Path], Project], tmp_path: Path) -> None:
    ran = dealml("forecast", "--as-of", DATE, "--period", "2025Q1", "--project", copied(tmp_path / "untrained").folder)
    one_line(ran, 4, "deal_win")


def test_data_that_ended_long_before_is_told_of(company: Company) -> None:
    from datetime import UTC, datetime

    report = run_forecast(company.project, datetime(2026, 3, 2, tzinfo=UTC), Period.parse("2026-03"), "tiny").forecast
    assert any(re.match(r"the data ends on \d Jan 2026, before the moment of this forecast", note) for note in report.notes)


def test_where_no_deal_ever_came_and_was_won_in_what_is_left_it_is_said(company: Company) -> None:
    from datetime import UTC, datetime

    report = run_forecast(company.project, datetime(2025, 3, 31, tzinfo=UTC), Period.parse("2025Q1"), "tiny").forecast
    assert (report.new_deals.p10, report.new_deals.p90) == (0, 0)
    assert any("won nothing in 8 past quarters" in note for note in report.notes)
    assert not any("are drawn from" in note for note in report.notes)
