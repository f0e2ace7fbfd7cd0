"""The public API on a real, small company: the same results as the jobs, in one form that holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import dealml
from dealml import ProjectHandle
from dealml.project import Project
from tests.conftest import CUT, MAPPING, Company, ScoredFiles


@pytest.fixture(scope="module")
def project(company: Company) -> ProjectHandle:
    return dealml.open(company.project.folder)


def test_a_folder_without_a_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(dealml.InputError, match="no such file; make a project with: dealml init"):
        dealml.open(tmp_path)


def test_a_file_is_no_project(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("no project")
    with pytest.raises(dealml.InputError, match="no such file; make a project with: dealml init"):
        dealml.open(tmp_path / "notes.md")


def test_the_handle_says_which_project_it_is(project: ProjectHandle, company: Company) -> None:
    assert project.folder == company.project.folder
    assert repr(project) == f"dealml.open({str(project.folder)!r})"


def test_the_five_steps_of_the_readme(simulated: Path, copied: Callable[[Path], Project], tmp_path: Path) -> None:
    folder = copied(tmp_path / "p").folder
    steps: list[str] = []
    project = dealml.open(folder, progress=lambda step, done, of: steps.append(step))
    assert project.import_source(simulated / "export", MAPPING).already_imported
    trained = project.train("tiny", as_of=CUT)
    assert (trained.version, trained.is_champion, trained.evaluation is not None) == (1, True, True)
    assert project.models().query("alias == 'champion'")[["model", "version"]].to_numpy().tolist() == [["tiny", 1]]
    scored = project.score("tiny", as_of=CUT, contributions=True, out=folder / "scores.csv")
    assert len(scored.scores) == 3 * scored.entities == scored.new == len(pd.read_csv(folder / "scores.csv"))
    assert project.score("tiny", as_of=CUT).new == 0
    assert "features" in steps
    assert project.promote_if_earned("tiny") is None


def test_scores_are_those_of_the_job(project: ProjectHandle, scored: ScoredFiles) -> None:
    result = project.score("deal_win", as_of=CUT, contributions=True)
    pd.testing.assert_frame_equal(result.scores, pd.read_parquet(scored.scores))
    assert result.contributions is not None
    pd.testing.assert_frame_equal(result.contributions, pd.read_parquet(scored.contributions))


@pytest.mark.parametrize("as_of", [CUT, date(2025, 2, 3), "2025-02-03", "2025-02-03T01:00:00+01:00", datetime(2025, 2, 3)])
def test_a_moment_is_a_datetime_a_date_or_a_text(project: ProjectHandle, as_of: dealml.Moment) -> None:
    result = project.score("tiny", as_of=as_of)
    assert (result.as_of, set(result.scores["as_of"])) == (CUT, {pd.Timestamp(CUT)})


def test_a_text_that_is_no_date_is_refused_in_the_words_of_the_command_line(project: ProjectHandle) -> None:
    with pytest.raises(dealml.UsageError, match="as_of: 'soon' is no date; write it as 2026-01-31 or 2026-01-31T09:30:00Z"):
        project.score("tiny", as_of="soon")


def test_another_type_is_no_moment(project: ProjectHandle) -> None:
    with pytest.raises(dealml.UsageError, match="as_of: 20250203 is no date; give a datetime, a date, or text such as 2026-01-31"):
        project.score("tiny", as_of=20250203)  # type: ignore[arg-type]


def test_a_dated_ledger_needs_a_moment_to_score_at(project: ProjectHandle) -> None:
    with pytest.raises(dealml.UsageError, match="as_of: give the moment, such as 2026-01-05"):
        project.score("tiny")


def test_a_model_that_is_not_defined_is_refused(project: ProjectHandle) -> None:
    with pytest.raises(dealml.UsageError, match="no model 'nonsense' in"):
        project.train("nonsense")


def test_a_file_of_an_unknown_kind_is_refused_before_scoring(project: ProjectHandle, tmp_path: Path) -> None:
    with pytest.raises(dealml.UsageError, match="end the file's name in .parquet or .csv"):
        project.score("tiny", as_of=CUT, out=tmp_path / "scores.txt")


def test_an_evaluation_compares_the_model_with_its_baselines(project: ProjectHandle, company: Company) -> None:
    result = project.evaluate("tiny", as_of=CUT)
    assert company.tiny.evaluation is not None
    expected = company.tiny.evaluation.overall["model"]["log_loss"].value
    measured = result.metrics.set_index(["forecaster", "metric"])["value"]
    assert measured["model", "log_loss"] == pytest.approx(expected)
    gain = result.gain.set_index("forecaster")["value"]
    assert gain["base_rate"] == pytest.approx(measured["base_rate", "log_loss"] - measured["model", "log_loss"])


def test_a_forecast_adds_up(project: ProjectHandle) -> None:
    result = project.forecast("2025Q1", as_of=CUT, model="deal_win")
    assert result.p10 <= result.p50 <= result.p90
    assert result.ranges.set_index("part")["mean"]["total"] == result.mean
    assert result.deals["probability"].between(0, 1).all()
    assert result.bridge["amount"].sum() == pytest.approx(result.mean)


def test_a_period_that_cannot_be_read_is_refused(project: ProjectHandle) -> None:
    with pytest.raises(dealml.UsageError, match="period: 'spring' is no period"):
        project.forecast("spring", as_of=CUT)


def test_a_review_page_is_written(project: ProjectHandle, tmp_path: Path) -> None:
    result = project.review("deal_win", tmp_path / "review.html", as_of=CUT, since="2025-01-27", period="2025Q1")
    assert result.page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert (result.subject, result.as_of, result.run_id) == ("deal", CUT, "")
    assert result.entities > 50


def test_metrics_of_a_quarter(project: ProjectHandle) -> None:
    result = project.metrics("2024-10-01", date(2025, 1, 1), as_of=CUT)
    values = result.metrics.set_index("metric")["value"]
    assert np.isfinite(values["win_rate"])
    assert result.as_of == CUT


def test_an_interrupted_job_leaves_earlier_outputs_whole(company: Company, tmp_path: Path) -> None:
    page = tmp_path / "review.html"
    page.write_text("the last review", encoding="utf-8")

    def interrupt(step: str, done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dealml.open(company.project.folder, progress=interrupt).review("deal_win", page, as_of=CUT)
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["the last review"]


def test_naive_datetimes_are_utc() -> None:
    from dealml.moment_parsing import to_moment

    assert to_moment(datetime(2026, 1, 5, 9)) == datetime(2026, 1, 5, 9, tzinfo=UTC)
