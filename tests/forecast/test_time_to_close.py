"""Curves of two models: batches, horizons, close dates and slipping; and that a curve knows of days, not of dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from dealml.errors import ModelError
from dealml.forecast import time_to_close
from dealml.forecast.incidence import IncidenceCurves
from dealml.forecast.time_to_close import closing_of, crm_dates, curves_of, slip_chances
from dealml.learning.fitted import FittedModel
from dealml.scoring.score import at_horizons
from tests.learning import snapshot_fixtures as synthetic

JANUARY = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return synthetic.snapshots(120)


@pytest.fixture(scope="module")
def win(table: pd.DataFrame) -> FittedModel:
    return synthetic.fitted(table)


@pytest.fixture(scope="module")
def loss(table: pd.DataFrame) -> FittedModel:
    """What was not won counts as lost a month later: another model of the same features."""
    return synthetic.fitted(table.assign(event_at=(table["as_of"] + pd.Timedelta(days=30)).where(table["event_at"].isna())))


def test_the_curves_are_what_the_models_say_at_their_horizons(table: pd.DataFrame, win: FittedModel, loss: FittedModel) -> None:
    curves = curves_of(table, win, loss)
    for days in win.horizons:
        rows = at_horizons(table, (days,))
        said, lost = win.probability(rows), loss.probability(rows)
        assert curves.won_by(days) == pytest.approx(said, abs=1e-12)
        assert (curves.lost_by(days) <= (1 - said) * lost + 1e-12).all()
    assert curves.lost_by(win.horizons[-1]) == pytest.approx((1 - said) * lost, abs=1e-12)
    assert (curves.lost_by(30.0) > 0).any()


def test_batches_change_nothing(table: pd.DataFrame, win: FittedModel, loss: FittedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, told = curves_of(table, win, loss), list[tuple[int, int]]()
    monkeypatch.setattr(time_to_close, "DEALS_A_BATCH", 7)
    parts = curves_of(table, win, loss, lambda done, of: told.append((done, of)))
    assert (parts.won == whole.won).all()
    assert parts.lost is not None
    assert (parts.lost == whole.lost).all()
    assert told[0] == (7, len(table))
    assert told[-1] == (len(table), len(table))


def test_an_empty_pipeline_has_no_curves(table: pd.DataFrame, win: FittedModel, loss: FittedModel) -> None:
    curves = curves_of(table.iloc[:0], win, loss)
    assert len(curves.won_by(30.0)) == len(closing_of(curves).middle) == 0


def test_without_a_model_of_losses_nothing_is_told_of_them(table: pd.DataFrame, win: FittedModel) -> None:
    curves = curves_of(table, win)
    assert curves.lost is None
    assert (curves.lost_by(30.0) == 0).all()
    assert np.isinf(closing_of(curves).early).all()


def test_only_horizons_that_both_have_count(table: pd.DataFrame, win: FittedModel, loss: FittedModel) -> None:
    short = replace(loss, horizons=(14, 60))
    assert curves_of(table, win, short).horizons.tolist() == [0, 14, 60]
    with pytest.raises(ModelError, match="made and other have no horizon in common; train both again"):
        curves_of(table, win, replace(loss, name="other", horizons=(5,)))


@pytest.mark.parametrize("as_of", ["2026-03-30", "2026-03-31", "2026-04-01", "2026-02-10"])
def test_nothing_jumps_at_a_quarters_edge(table: pd.DataFrame, win: FittedModel, loss: FittedModel, as_of: str) -> None:
    """The curve of a deal is of days ahead: the same seen from any date, where the features are the same; smooth across the edge."""
    moment = pd.Timestamp(as_of, tz="UTC")
    here, there = (curves_of(table.assign(as_of=at, known_by=at), win, loss) for at in (moment, moment + pd.Timedelta(days=45)))
    to_edge = (pd.Timestamp("2026-04-01", tz="UTC") - moment) / pd.Timedelta(days=1) if moment.month < 4 else 91.0
    for state in ("won_by", "lost_by", "open_at"):
        before, at, after = (getattr(here, state)(to_edge + step) for step in (-1e-6, 0.0, 1e-6))
        assert np.abs(at - before).max() < 1e-5
        assert np.abs(after - at).max() < 1e-5
        assert (getattr(there, state)(to_edge) == at).all()


def dates_of(as_of: datetime | str, days: float | None) -> time_to_close.CrmCloseDates:
    table = pd.DataFrame({"as_of": [pd.Timestamp(as_of)], "days_to_close": [days]}).astype({"days_to_close": "float64"})
    return crm_dates(table.assign(as_of=table["as_of"].astype("datetime64[us, UTC]")), "days_to_close")


@pytest.mark.parametrize(
    ("as_of", "close", "until_over", "passed"),
    [
        ("2026-01-05T00:00:00Z", "2026-01-05T00:00:00Z", 1.0, False),  # today: it counts until midnight
        ("2026-01-05T18:00:00Z", "2026-01-05T00:00:00Z", 0.25, False),
        ("2026-01-05T00:00:00Z", "2026-01-04T00:00:00Z", 0.0, True),
        ("2026-01-05T00:00:00Z", "2026-01-04T23:59:59Z", 0.0, True),
        ("2026-01-05T09:30:00Z", "2026-01-04T00:00:00Z", -9.5 / 24, True),
        ("2026-01-05T00:00:00Z", "2026-03-31T00:00:00Z", 86.0, False),
        ("2026-01-05T07:12:43.123457Z", "2026-02-01T00:00:00Z", None, False),
    ],
)
def test_a_close_date_counts_until_its_end(as_of: str, close: str, until_over: float | None, passed: bool) -> None:
    days = (pd.Timestamp(close) - pd.Timestamp(as_of)) / pd.Timedelta(days=1)
    expected = (pd.Timestamp(close).normalize() + pd.Timedelta(days=1) - pd.Timestamp(as_of)) / pd.Timedelta(days=1)
    assert until_over is None or expected == pytest.approx(until_over)
    found = dates_of(as_of, days)
    assert found.days[0] == pytest.approx(expected, abs=1e-5)
    assert (found.has_date[0], found.passed[0]) == (True, passed)


def test_slipping_is_being_open_when_the_date_ends() -> None:
    curves = IncidenceCurves.of((10, 20), np.array([[0.2, 0.4]] * 3), np.array([[0.25, 1 / 3]] * 3))
    table = pd.DataFrame({"as_of": [JANUARY] * 3, "days_to_close": [9.0, -1.0, np.nan]}).astype({"as_of": "datetime64[us, UTC]"})
    found = slip_chances(curves, crm_dates(table, "days_to_close"))
    assert found[:2] == pytest.approx([0.6, 1.0])
    assert np.isnan(found[2])
    assert np.isnan(slip_chances(curves, crm_dates(table, "no_such_feature"))).all()


def test_half_is_settled_by_the_expected_close(table: pd.DataFrame, win: FittedModel, loss: FittedModel) -> None:
    curves = curves_of(table, win, loss)
    closing = closing_of(curves)
    known = np.isfinite(closing.middle)
    assert known.any()
    assert (closing.early <= closing.middle).all()
    assert (closing.middle <= closing.late).all()
    assert curves.open_at(np.where(known, closing.middle, 0.0))[known] == pytest.approx(np.full(known.sum(), 0.5), abs=1e-9)
