"""The outlook of open deals: from the two served models, against what they say one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from dealml.errors import InputError, ModelError, UsageError
from dealml.forecast.incidence import IncidenceCurves
from dealml.jobs.forecasting import close_dates as job
from dealml.jobs.forecasting.close_dates import CloseForecasts, forecast_close_dates
from dealml.jobs.overrides.model_numbers import model_predictions
from dealml.jobs.progress import silent
from dealml.jobs.scoring.served_models import load_served
from dealml.judgement.override import ModelPrediction, Override
from dealml.learning.view import View
from dealml.ledger.ledger import Ledger
from dealml.load_definitions import load_model
from dealml.project import Project
from dealml.scoring.score import at_horizons
from tests.close_date_fixtures import MONDAY, with_outlook

HALF_YEAR = MONDAY + timedelta(days=180)


@pytest.fixture(scope="module")
def project(copied: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory) -> Project:
    return with_outlook(copied, tmp_path_factory.mktemp("outlook") / "project")


@pytest.fixture(scope="module")
def found(project: Project) -> CloseForecasts:
    return forecast_close_dates(project, MONDAY, name="small")


@pytest.fixture(scope="module")
def table(project: Project) -> pd.DataFrame:
    return View.of(project.ledger, load_model(project.folder, "small"), MONDAY, project.query_settings).at_stake()


def test_the_served_probabilities_stand_at_the_main_horizon(project: Project, found: CloseForecasts, table: pd.DataFrame) -> None:
    rows = at_horizons(table, (90,))
    won, lost = (load_served(project, name).fitted.probability(rows) for name in ("small", "small_loss"))
    assert [one.deal_id for one in found.deals] == table["deal_id"].tolist()
    assert [one.by.won for one in found.deals] == pytest.approx(won.tolist())
    assert all(one.by.lost <= (1 - p) * q + 1e-9 for one, p, q in zip(found.deals, won, lost, strict=True) if one.by.lost is not None)
    assert (found.by, found.days) == (MONDAY + timedelta(days=90), 90.0)
    assert (found.model, found.version, found.completed_by, found.notes) == ("small", 1, "small_loss", ())
    assert len(found.deals) > 20


def test_states_sum_to_one_at_every_date(project: Project) -> None:
    for days in (1, 45, 180, 400):
        told = forecast_close_dates(project, MONDAY, MONDAY + timedelta(days=days), name="small")
        for one in told.deals:
            for chances in (one.by, one.at_close):
                assert chances is None or chances.won + (chances.lost or 0) + (chances.open or 0) == pytest.approx(1.0)


def test_dates_are_those_of_the_crm_and_in_order(found: CloseForecasts, table: pd.DataFrame) -> None:
    for one, days in zip(found.deals, table["days_to_close"], strict=True):
        assert one.close_date == (None if pd.isna(days) else (MONDAY + timedelta(days=days, seconds=1)).date())
        assert one.slipped == (one.close_date is not None and one.close_date < MONDAY.date())
        assert one.slips == (1.0 if one.slipped else one.at_close.open if one.at_close else None)
        known = [day for day in (one.early, one.expected, one.late) if day]
        assert known == sorted(known)
        assert known[0] >= MONDAY.date()
    assert {one.slipped for one in found.deals} == {True, False}


def test_the_expected_close_is_where_half_is_settled(project: Project, found: CloseForecasts) -> None:
    one = next(one for one in found.deals if one.expected)
    assert one.expected
    day_over = datetime.combine(one.expected, datetime.min.time(), UTC) + timedelta(days=1)
    after, before = (
        forecast_close_dates(project, MONDAY, at, one.deal_id, "small").deals[0] for at in (day_over, day_over - timedelta(days=1))
    )
    assert after.by.open is not None
    assert before.by.open is not None
    assert after.by.open <= 0.5 <= before.by.open


def test_one_deal_is_told_as_among_all(project: Project, found: CloseForecasts) -> None:
    one = found.deals[7]
    assert forecast_close_dates(project, MONDAY, deal=one.deal_id, name="small").deals == (one,)


def test_past_the_last_horizon_a_note_says_so(project: Project) -> None:
    assert forecast_close_dates(project, MONDAY, HALF_YEAR, name="small").notes == ()
    (note,) = forecast_close_dates(project, MONDAY, HALF_YEAR + timedelta(days=1), name="small").notes
    assert note.startswith("past 180 days deals are taken to end at the pace of the days before")


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_the_file_holds_every_deal(project: Project, found: CloseForecasts, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"o.{ending}"
    forecast_close_dates(project, MONDAY, name="small", out=path)
    rows = (pq.read_table(path) if ending == "parquet" else pyarrow.csv.read_csv(path)).to_pylist()
    assert [row["deal_id"] for row in rows] == [one.deal_id for one in found.deals]
    assert [row["won"] for row in rows] == pytest.approx([one.by.won for one in found.deals])
    assert [row["expected_close"] for row in rows] == [one.expected for one in found.deals]
    assert [row["won_at_close"] is None for row in rows] == [one.at_close is None for one in found.deals]


def test_without_a_model_of_losing_it_says_so(copied: Callable[[Path], Project], tmp_path: Path) -> None:
    project = with_outlook(copied, tmp_path / "p", ("small",))
    told = forecast_close_dates(project, MONDAY, name="small")
    assert told.completed_by is None
    assert "nothing is told of losing, nor of when a deal closes: small_loss: no champion in the registry" in told.notes[0]
    assert all((one.by.lost, one.by.open, one.expected, one.late) == (None, None, None, None) for one in told.deals)
    assert {one.slips for one in told.deals} == {None, 1.0}
    (project.folder / "models" / "small_loss.py").unlink()
    assert forecast_close_dates(project, MONDAY, name="small").notes[0].endswith("a deal closes: no model of the project completes small")
    assert [one.by.won for one in forecast_close_dates(project, MONDAY, name="small").deals] == [one.by.won for one in told.deals]


def test_bad_input(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="--by: 2025-08-25 00:00 is not after 2025-08-25 00:00 UTC; give a date to come"):
        forecast_close_dates(project, MONDAY, MONDAY, name="small")
    with pytest.raises(InputError, match="D999999: no open deal at 2025-08-25 00:00"):
        forecast_close_dates(project, MONDAY, deal="D999999", name="small")
    with pytest.raises(UsageError, match="small_loss does not say whether deals are won"):
        forecast_close_dates(project, MONDAY, name="small_loss")
    with pytest.raises(UsageError, match="account_churn does not say whether deals are won"):
        forecast_close_dates(project, MONDAY, name="account_churn")
    with pytest.raises(ModelError, match="deal_win: no champion in the registry; train one with"):
        forecast_close_dates(project, MONDAY)
    with pytest.raises(InputError, match="no such folder"):
        forecast_close_dates(project, MONDAY, name="small", out=tmp_path / "no" / "o.csv")
    monkeypatch.setattr(Ledger, "is_cross_section", True)
    with pytest.raises(InputError, match="a cross-section, which has no dates; it cannot tell when anything ends"):
        forecast_close_dates(project, None, name="small")


def test_a_ledger_without_what_was_learned_is_told(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    view = View.at_stake
    monkeypatch.setattr(View, "at_stake", lambda self, progress=None: view(self).drop(columns="champion_depth"))
    with pytest.raises(ModelError, match="small version 1 learned from 'champion_depth', which this ledger or project lacks"):
        forecast_close_dates(project, MONDAY, name="small")


def test_a_date_that_no_calendar_holds_is_none() -> None:
    assert job._close_date(1e9, MONDAY) is None
    assert job._close_date(float("nan"), MONDAY) is None
    assert job._close_date(1.0, MONDAY) == date(2025, 8, 25)
    assert job._date(float("inf"), MONDAY) is None


def test_scores_of_the_past_say_that_they_are_not_what_one_would_have_seen(project: Project) -> None:
    assert (
        forecast_close_dates(project, MONDAY - timedelta(days=300), name="small")
        .notes[0]
        .startswith("the model was trained on what was recorded")
    )


def test_chances_of_curves_without_losses() -> None:
    curves = IncidenceCurves.of((10, 20), np.array([[0.2, 0.4]]))
    assert job._chances(curves, curves.horizons[1:2])[0] == job.Chances(pytest.approx(0.2), None, None)  # type: ignore[arg-type]
    assert replace(curves, lost=curves.won * 0).lost is not None


@pytest.mark.parametrize("days", [45, 400])
def test_the_number_beside_a_judgement_is_the_outlooks(project: Project, found: CloseForecasts, days: int) -> None:
    """Between horizons, where losses shape the curve too, and past the last one."""
    deal, until = found.deals[0].deal_id, MONDAY + timedelta(days=days)
    said = Override(deal, MONDAY, until, 0.5, None, "", None, "I spoke to them", "Ann")
    beside = model_predictions(project, "small", [said], silent)[0]
    assert isinstance(beside, ModelPrediction)
    assert beside.probability == forecast_close_dates(project, MONDAY, until, deal, "small").deals[0].by.won
