"""A lock that is held is waited for; a wrong input is told at once."""

from __future__ import annotations

import pytest

from dealml import ProjectHandle, ScoringResult
from dealml.errors import DealmlError, InputError, ModelError, SetupError
from dealml.project import Project
from pipelines import score
from tests.api.results.result_fixtures import scored

pytestmark = pytest.mark.usefixtures("server")


class Flaky:
    """A scoring job that fails some times before it succeeds."""

    def __init__(self, error: DealmlError, failures: int) -> None:
        self.error, self.failures, self.calls = error, failures, 0

    def __call__(self, *_args: object, **_kwargs: object) -> ScoringResult:
        self.calls += 1
        if self.calls <= self.failures:
            raise self.error
        return scored()


def put_in_place(monkeypatch: pytest.MonkeyPatch, error: DealmlError, failures: int) -> Flaky:
    """A flow that scores by a flaky job, and waits for nothing."""
    flaky = Flaky(error, failures)
    monkeypatch.setattr(ProjectHandle, "score", flaky)
    monkeypatch.setattr(score, "score_model", score.score_model.with_options(retry_delay_seconds=0))
    return flaky


def test_a_locked_store_is_tried_again(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    flaky = put_in_place(monkeypatch, SetupError("another process holds the lock"), failures=2)
    assert score.score(str(project.folder), ["deal_win"]) == [54]
    assert flaky.calls == 3


def test_a_store_that_stays_locked_fails_the_flow(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    flaky = put_in_place(monkeypatch, SetupError("another process holds the lock"), failures=99)
    with pytest.raises(SetupError):
        score.score(str(project.folder), ["deal_win"])
    assert flaky.calls == 4


@pytest.mark.parametrize("error", [InputError("deals.csv:3: no date"), ModelError("no champion")])
def test_what_time_cannot_mend_is_not_tried_again(project: Project, monkeypatch: pytest.MonkeyPatch, error: DealmlError) -> None:
    flaky = put_in_place(monkeypatch, error, failures=99)
    with pytest.raises(type(error)):
        score.score(str(project.folder), ["deal_win"])
    assert flaky.calls == 1


def test_one_model_that_fails_does_not_keep_the_others_from_scoring(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    flaky = put_in_place(monkeypatch, ModelError("no champion"), failures=1)
    with pytest.raises(ModelError):
        score.score(str(project.folder))
    assert flaky.calls == 5
