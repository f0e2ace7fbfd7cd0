"""A review page of a real company: its sections agree with each other, and what cannot be shown is said."""

from __future__ import annotations

import csv
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from dealml.errors import InputError, UsageError
from dealml.jobs.overrides.record import record_override
from dealml.jobs.reviewing.live import LiveReview
from dealml.jobs.reviewing.request import ReviewRequest
from dealml.jobs.reviewing.review import build_review, write_review
from dealml.jobs.reviewing.sections import ReviewSections
from dealml.page import Review
from dealml.period import Period
from dealml.project import Project
from tests.conftest import CUT, Company

LATER = CUT + timedelta(days=28)


@pytest.fixture(scope="module")
def whole(company: Company) -> tuple[Review, ReviewSections]:
    """A review with all that the company's ledger and one model give."""
    return build_review(ReviewRequest(company.project, "tiny", LATER, since=CUT))


@pytest.fixture
def own(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The company's project with a score database of its own."""
    monkeypatch.setenv("DEALML_SCORES__URL", f"sqlite:///{tmp_path / 'scores.db'}")
    return Project(company.project.folder)


def test_what_is_expected_is_the_same_in_forecast_and_waterfall(whole: tuple[Review, ReviewSections]) -> None:
    review, _ = whole
    assert review.forecast
    assert review.movement
    bridge = dict(review.forecast.bridge)
    told = bridge["Won so far"] + bridge["Open deals at their chances"]
    # Cents are rounded deal by deal in the waterfall.
    assert review.movement.total.after / 100 == pytest.approx(told, abs=0.01 * len(review.rows) + 1)


def test_the_metrics_are_those_of_the_last_whole_quarter(whole: tuple[Review, ReviewSections]) -> None:
    review, _ = whole
    assert review.metrics_of.startswith("Q4 2024, the last whole quarter")
    assert len(review.metrics) >= 25
    revenue = next(line for line in review.metrics if line.title == "Total revenue")
    assert revenue.number
    assert len(revenue.trend) == 8
    assert revenue.trend[-1] == revenue.number


def test_what_cannot_be_shown_is_said_with_the_reason(whole: tuple[Review, ReviewSections], company: Company) -> None:
    review, _ = whole
    assert set(review.gaps) == {"track"}
    assert "dealml forecast-backtest --period-kind quarter" in review.gaps["track"]
    alone, _ = build_review(ReviewRequest(company.project, "tiny", LATER))
    assert alone.movement is None
    assert "--from DATE" in alone.gaps["movement"]


def test_the_team_and_the_outlook_stand_beside_each_deal(whole: tuple[Review, ReviewSections], company: Company) -> None:
    review, _ = build_review(ReviewRequest(company.project, "deal_win", LATER))
    assert {row.team for row in review.rows} - {""}
    assert all(row.close_date_note for row in review.rows)


def test_a_period_that_is_over_is_refused(company: Company) -> None:
    with pytest.raises(UsageError, match="2024Q4 was over on 2025-01-01"):
        build_review(ReviewRequest(company.project, "tiny", LATER, period=Period.parse("2024Q4")))


def test_a_past_too_short_to_learn_from_is_told_in_its_place(company: Company) -> None:
    review, _ = build_review(ReviewRequest(company.project, "tiny", LATER, period=Period.parse("2027")))
    assert review.forecast is None
    assert "2027" in review.gaps["forecast"]
    assert review.rows


def test_every_table_is_written_beside_the_page(company: Company, tmp_path: Path) -> None:
    report = write_review(ReviewRequest(company.project, "tiny", LATER, since=CUT), tmp_path / "r.html", tmp_path / "tables")
    names = {path.name for path in report.files}
    assert {"deals.csv", "forecast.csv", "changed_deals.csv", "metrics.csv"} <= names
    with (tmp_path / "tables" / "deals.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == report.entities


def test_a_judgement_stands_beside_the_number_and_in_a_range_of_its_own(own: Project) -> None:
    desk = LiveReview.of(ReviewRequest(own, "tiny", LATER))
    first = desk.review.rows[0]
    before = desk.show().forecast
    assert before
    assert before.judged is None
    desk.record({"deal": first.entity_id, "probability": "1", "amount": "5000000", "why": "signed <b>today</b>", "by": "Marta"})
    after = desk.show()
    row = next(row for row in after.rows if row.entity_id == first.entity_id)
    assert row.override_note
    assert (row.override_note.probability, row.override_note.by) == (1.0, "Marta")
    assert row.probability == first.probability
    assert after.forecast
    assert after.forecast.total == before.total
    assert after.forecast.judged
    assert after.forecast.judged.p10 > before.total.p90


def test_a_judgement_that_cannot_be_meant_is_refused_and_not_kept(own: Project) -> None:
    desk = LiveReview.of(ReviewRequest(own, "tiny", LATER))
    with pytest.raises(InputError, match="no deal that was open"):
        desk.record({"deal": "nobody", "probability": "0.5", "why": "so", "by": "Marta"})
    assert not any(row.override_note for row in desk.show().rows)


def test_a_judgement_of_another_period_is_shown_and_not_forecast(own: Project) -> None:
    deal = LiveReview.of(ReviewRequest(own, "tiny", LATER)).review.rows[0].entity_id
    said = {"deal": deal, "probability": "0.5", "amount": "900", "currency": "USD", "period": "2025Q2"}
    record_override(own, said | {"at": LATER.isoformat(), "why": "so", "by": "M"}, "tiny")
    review, _ = build_review(ReviewRequest(own, "tiny", LATER))
    assert review.forecast
    assert review.forecast.judged is None
    (row,) = (row for row in review.rows if row.override_note)
    assert row.override_note
    assert (row.entity_id, row.override_note.amount, row.override_note.currency) == (deal, Decimal(900), "USD")


def test_a_cross_section_has_no_moment_to_review(imported: Project) -> None:
    with pytest.raises(InputError, match="cross-section"):
        assert ReviewRequest(imported, "tiny", None).at
