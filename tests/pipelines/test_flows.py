"""Flows hand paths, names and dates to the jobs, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dealml.errors import InputError, ModelError
from dealml.evaluation.decisions.promotion import Condition, Judgement
from dealml.evaluation.metrics.bootstrap import Interval
from dealml.forecast.result import ForecastAccuracy, PastPeriod, Range
from dealml.jobs.reviewing.request import ReviewRequest
from dealml.jobs.reviewing.review import ReviewReport
from dealml.jobs.scoring.score import ScoringReport
from dealml.ledger.importing import Count, Report
from dealml.period import Period
from dealml.project import Project
from pipelines import importing, measure, retrain, review, score
from pipelines.bars import key
from pipelines.command import run
from pipelines.parameters import today
from tests.pipelines.conftest import AS_OF

JANUARY = datetime(2026, 1, 5, tzinfo=UTC)
QUARTER = Period.parse("2025Q1")
TRACK = ForecastAccuracy((PastPeriod(QUARTER, QUARTER.start, Range(2000.0, 1000.0, 2000.0, 3000.0), 2500.0, {}),), 1.0, {})


class Spy:
    """Stands for a job: keeps what it was called with and answers as told."""

    def __init__(self, answer: object) -> None:
        self.answer = answer
        self.calls: list[tuple[object, ...]] = []

    def __call__(self, project: Project, *rest: Any, **options: Any) -> object:
        tell = options.pop("progress", None) or next((r for r in rest if callable(r)), None)
        if tell:
            for done in range(101):
                tell("step", done, 100)
        self.calls.append((project.folder, *(r for r in rest if not callable(r)), *options.values()))
        return self.answer


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Callable[[object, str, object], Spy]:
    def put(module: object, name: str, answer: object) -> Spy:
        monkeypatch.setattr(module, name, made := Spy(answer))
        return made

    return put


def trained(evaluated: bool = True) -> Any:
    """What a training run came to, as far as a flow shows it."""
    measured = {"log_loss": Interval(0.4, 0.3, 0.5)}
    return SimpleNamespace(
        registered=SimpleNamespace(name="deal_win", version=3, digest="ab" * 32),
        is_champion=True,
        absent={"orders_30d": "no purchases"},
        fitted=SimpleNamespace(
            rung=SimpleNamespace(name="lightgbm"), ledger_digest="cd" * 32, trained_through=AS_OF, counts={"rows": 1000, "entities": 100}
        ),
        evaluation=SimpleNamespace(overall={"model": measured, "base_rate": measured}) if evaluated else None,
    )


def judged(passed: bool) -> Any:
    """What a challenger came to, as far as a flow shows it."""
    condition = Condition("gain_over_champion", passed, 0.01, 0.0, "it gains 0.010")
    return SimpleNamespace(challenger=SimpleNamespace(registered=SimpleNamespace(version=3)), judgement=Judgement((condition,)))


@pytest.fixture
def measured(spy: Callable[..., Spy]) -> Spy:
    """Stands for the measurement of past forecasts."""
    return spy(measure, "forecast_backtest", (TRACK, Path("forecasts/some.json")))


@pytest.mark.usefixtures("server")
def test_retrain_passes_the_folder_the_model_and_the_moment(project: Project, spy: Callable[..., Spy], measured: Spy) -> None:
    job, promotion = spy(retrain, "train", trained()), spy(retrain, "promote_if_earned", judged(passed=False))
    assert retrain.retrain(str(project.folder), ["deal_win"], AS_OF) == [3]
    assert job.calls == promotion.calls == [(project.folder, "deal_win", JANUARY)]
    assert measured.calls == [(project.folder, "quarter", JANUARY, "deal_win")]


@pytest.mark.usefixtures("server")
def test_retrain_takes_all_models_and_all_data_by_default(project: Project, spy: Callable[..., Spy], measured: Spy) -> None:
    job, promotion = spy(retrain, "train", trained(evaluated=False)), spy(retrain, "promote_if_earned", None)
    retrain.retrain(str(project.folder))
    assert job.calls == promotion.calls == [(project.folder, name, None) for name in ("account_churn", "deal_loss", "deal_win")]
    assert measured.calls == [(project.folder, "quarter", None, "deal_win")]


@pytest.mark.usefixtures("server")
def test_a_past_too_short_to_forecast_is_no_failure(project: Project, spy: Callable[..., Spy], monkeypatch: pytest.MonkeyPatch) -> None:
    spy(retrain, "train", trained())
    spy(retrain, "promote_if_earned", None)

    def too_short(*_: object, **__: object) -> None:
        raise ModelError("no quarter on record had enough before it")

    monkeypatch.setattr(measure, "forecast_backtest", too_short)
    assert retrain.retrain(str(project.folder), ["deal_win"]) == [3]


def test_the_table_of_past_forecasts_has_a_row_for_each_quarter() -> None:
    assert measure.past(TRACK) == [{"quarter": "2025Q1", "P10": "1,000", "P90": "3,000", "actual": "2,500"}]
    assert measure.inside(TRACK) == 1


@pytest.mark.usefixtures("server")
def test_what_could_not_be_trained_is_not_promoted(
    project: Project, spy: Callable[..., Spy], measured: Spy, monkeypatch: pytest.MonkeyPatch
) -> None:
    promotion = spy(retrain, "promote_if_earned", judged(passed=True))

    def train(_: Project, model: str, *__: object) -> Any:
        if model == "account_churn":
            raise InputError("no ledger")
        return trained()

    monkeypatch.setattr(retrain, "train", train)
    with pytest.raises(InputError, match="no ledger"):
        retrain.retrain(str(project.folder))
    assert promotion.calls == [(project.folder, "deal_loss", None), (project.folder, "deal_win", None)]


@pytest.mark.usefixtures("server")
def test_score_passes_the_moment_and_the_file(project: Project, spy: Callable[..., Spy]) -> None:
    job = spy(score, "score_all", ScoringReport("deal_win", 3, "lightgbm", JANUARY, 9, 54, 54, {}, {}, ("a note",)))
    assert score.score(str(project.folder), ["deal_win"], AS_OF, "scores") == [54]
    assert job.calls == [(project.folder, "deal_win", JANUARY, project.folder / "scores" / "deal_win-2026-01-05.parquet")]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[ReviewRequest, Path, bool]]:
    """What pages were asked for, with the file and whether it is tracked; nothing is written."""
    found: list[tuple[ReviewRequest, Path, bool]] = []

    def write(what: ReviewRequest, page: Path, *, track: bool, progress: Callable[[str, int, int], None]) -> ReviewReport:
        progress("features", 1, 1)
        found.append((what, page, track))
        return ReviewReport(9, "deal", JANUARY, 23_000, (), {"metrics": "the ledger has none"}, run_id="ef" * 16)

    monkeypatch.setattr(review, "write_review", write)
    return found


@pytest.mark.usefixtures("server")
def test_review_writes_into_the_project_as_of_today(project: Project, asked: list[tuple[ReviewRequest, Path, bool]]) -> None:
    page = project.folder / "reviews" / f"deal_win-{today():%Y-%m-%d}.html"
    assert review.review(str(project.folder), ["deal_win"]) == [str(page)]
    ((what, written, tracked),) = asked
    assert (what.project.folder, what.model, what.as_of, written, tracked) == (project.folder, "deal_win", today(), page, True)
    assert what.since == today() - timedelta(days=7)


@pytest.mark.usefixtures("server")
def test_review_tells_what_changed_since_the_moment_given(project: Project, asked: list[tuple[ReviewRequest, Path, bool]]) -> None:
    review.review(str(project.folder), ["deal_win"], AS_OF, since="2025-12-01")
    assert asked[0][0].since == datetime(2025, 12, 1, tzinfo=UTC)


@pytest.mark.usefixtures("server")
def test_by_default_models_that_stand_for_themselves_have_a_page(project: Project, asked: list[tuple[ReviewRequest, Path, bool]]) -> None:
    review.review(str(project.folder), as_of=AS_OF)
    assert [what.model for what, _, _ in asked] == ["account_churn", "deal_win"]


@pytest.mark.usefixtures("server")
def test_importing_passes_paths(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[object] = []

    def job(*given: object) -> Report:
        called.extend(given[:2])
        return Report("ef" * 32, False, [Count("deals.csv", "deals", 3, 2, 1)])

    monkeypatch.setattr(importing, "import_source", job)
    assert importing.importing("somewhere", project=str(project.folder)) == "ef" * 32
    assert called == [Path("somewhere"), project.folder / "mapping.yaml"]


def test_the_held_out_table_has_a_row_for_each_forecast() -> None:
    assert retrain.held_out(trained()) == [{"forecast": who, "log loss": "0.400 (0.300 to 0.500)"} for who in ("model", "base rate")]


def test_the_conditions_table_says_which_failed() -> None:
    assert retrain.conditions(judged(passed=False)) == [{"condition": "gain_over_champion", "holds": "no", "measured": "it gains 0.010"}]


def test_the_summary_names_version_and_digest() -> None:
    text = retrain.summary(trained())
    assert "deal_win version 3" in text
    assert "ab" * 32 in text
    assert "orders_30d" in text


def test_today_is_a_midnight_that_has_begun() -> None:
    assert today().time() == datetime.min.time()
    assert timedelta(0) <= datetime.now(UTC) - today() < timedelta(days=1, minutes=1)


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
