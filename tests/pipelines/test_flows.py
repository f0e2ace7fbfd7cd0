"""Flows hand paths, names and dates to the public API, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from dealml import ImportResult, InputError, ModelError, ProjectHandle, ReviewResult
from dealml.company_calendar import UTC_CALENDAR
from dealml.project import Project
from pipelines import importing, retrain, review, score
from pipelines.bars import key
from pipelines.command import run
from tests.api.results.result_fixtures import backtested, promoted, scored, trained
from tests.pipelines.conftest import AS_OF

JANUARY = datetime(2026, 1, 5, tzinfo=UTC)


class Spy:
    """Stands for a method of a project: stores what it was called with, reports progress, and returns or raises the answer."""

    def __init__(self, answer: object) -> None:
        self.answer = answer
        self.calls: list[tuple[object, ...]] = []

    def __get__(self, handle: ProjectHandle, _: type) -> Callable[..., Any]:
        def method(*given: object, **options: object) -> Any:
            with handle._reporting() as report:
                for done in range(101):
                    report("step", done, 100)
            self.calls.append((handle.folder, *given, *options.values()))
            answer = self.answer(*given) if callable(self.answer) else self.answer
            if isinstance(answer, Exception):
                raise answer
            return answer

        return method


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, object], Spy]:
    def put(method: str, answer: object) -> Spy:
        monkeypatch.setattr(ProjectHandle, method, made := Spy(answer))
        return made

    return put


ALL = ("account_churn", "deal_loss", "deal_win", "lead_conversion", "lead_win")


@pytest.fixture
def measured(spy: Callable[..., Spy]) -> Spy:
    """Stands for the measurement of past forecasts."""
    return spy("forecast_backtest", backtested())


@pytest.mark.usefixtures("server")
def test_retrain_passes_the_folder_the_model_and_the_moment(project: Project, spy: Callable[..., Spy], measured: Spy) -> None:
    training, promotion = spy("train", trained()), spy("promote_if_earned", promoted(passed=False))
    assert retrain.retrain(str(project.folder), ["deal_win"], AS_OF) == [3]
    assert training.calls == promotion.calls == [(project.folder, "deal_win", AS_OF)]
    assert measured.calls == [(project.folder, "quarter", AS_OF, "deal_win")]


@pytest.mark.usefixtures("server")
def test_retrain_takes_all_models_and_all_data_by_default(project: Project, spy: Callable[..., Spy], measured: Spy) -> None:
    training, promotion = spy("train", trained(evaluated=False)), spy("promote_if_earned", None)
    retrain.retrain(str(project.folder))
    assert training.calls == promotion.calls == [(project.folder, name, None) for name in ALL]
    assert measured.calls == [(project.folder, "quarter", None, "deal_win")]


@pytest.mark.usefixtures("server")
def test_a_past_too_short_to_forecast_is_no_failure(project: Project, spy: Callable[..., Spy]) -> None:
    spy("train", trained())
    spy("promote_if_earned", None)
    spy("forecast_backtest", ModelError("no quarter on record had enough before it"))
    assert retrain.retrain(str(project.folder), ["deal_win"]) == [3]


@pytest.mark.usefixtures("server")
def test_what_could_not_be_trained_is_not_promoted(project: Project, spy: Callable[..., Spy], measured: Spy) -> None:
    promotion = spy("promote_if_earned", promoted(passed=True))
    spy("train", lambda model, *_: InputError("no ledger") if model == "account_churn" else trained())
    with pytest.raises(InputError, match="no ledger"):
        retrain.retrain(str(project.folder))
    assert promotion.calls == [(project.folder, name, None) for name in ALL if name != "account_churn"]


@pytest.mark.usefixtures("server")
def test_score_passes_the_moment_and_the_file(project: Project, spy: Callable[..., Spy]) -> None:
    scoring = spy("score", scored())
    assert score.score(str(project.folder), ["deal_win"], AS_OF, "scores") == [54]
    assert scoring.calls == [(project.folder, "deal_win", JANUARY, project.folder / "scores" / "deal_win-2026-01-05.parquet")]


@pytest.fixture
def reviewed(spy: Callable[..., Spy]) -> Spy:
    """Stands for the review; no page is written."""
    return spy(
        "review", lambda model, out, *_: ReviewResult(out, 9, "deal", JANUARY, {"metrics": "the ledger has none"}, (), (), "ef" * 16)
    )


@pytest.mark.usefixtures("server")
def test_review_writes_into_the_project_as_of_today(project: Project, reviewed: Spy) -> None:
    page = project.folder / "reviews" / f"deal_win-{UTC_CALENDAR.today():%Y-%m-%d}.html"
    assert review.review(str(project.folder), ["deal_win"]) == [str(page)]
    assert reviewed.calls == [(project.folder, "deal_win", page, UTC_CALENDAR.today(), UTC_CALENDAR.today() - timedelta(days=7), True)]


@pytest.mark.usefixtures("server")
def test_review_tells_what_changed_since_the_moment_given(project: Project, reviewed: Spy) -> None:
    review.review(str(project.folder), ["deal_win"], AS_OF, since="2025-12-01")
    assert reviewed.calls[0][3:5] == (JANUARY, "2025-12-01")


@pytest.mark.usefixtures("server")
def test_by_default_leading_models_have_a_page(project: Project, reviewed: Spy) -> None:
    review.review(str(project.folder), as_of=AS_OF)
    assert [call[1] for call in reviewed.calls] == [name for name in ALL if name != "deal_loss"]


@pytest.mark.usefixtures("server")
def test_importing_passes_paths(project: Project, spy: Callable[..., Spy]) -> None:
    counts = pd.DataFrame([{"file": "deals.csv", "into": "deals", "rows_in": 3, "accepted": 2, "quarantined": 1, "duplicates": 0}])
    job = spy("import_source", ImportResult("ef" * 32, False, counts, (), pd.DataFrame(), pd.DataFrame(), {}, False))
    assert importing.importing("somewhere", project=str(project.folder)) == "ef" * 32
    assert job.calls == [(project.folder, "somewhere", project.folder / "mapping.yaml")]


def test_keys_hold_only_what_prefect_takes() -> None:
    assert key("train deal_win: held-out check") == "train-deal-win-held-out-check"


def test_options_become_parameters() -> None:
    seen: dict[str, object] = {}

    def command(project: str = "here", models: list[str] | None = None, as_of: str | None = None) -> None:
        seen.update(project=project, models=models, as_of=as_of)

    run(as_flow(command), ["--models", "deal_win", "account_churn", "--as-of", AS_OF])
    assert seen == {"project": "here", "models": ["deal_win", "account_churn"], "as_of": AS_OF}


def test_an_error_is_one_line_and_an_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    def command() -> None:
        raise InputError("deals.csv:3: no\ndate")

    with pytest.raises(SystemExit) as stopped:
        run(as_flow(command), [])
    assert stopped.value.code == InputError.exit_code
    assert capsys.readouterr().err == "command: deals.csv:3: no date\n"


def as_flow(function: Callable[..., Any]) -> Any:
    """A function with what `run` needs of a flow."""
    function.fn, function.name = function, "command"  # type: ignore[attr-defined]
    return function
