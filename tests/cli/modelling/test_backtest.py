"""`dealml backtest`: one object, tables, a page and a run in MLflow, all of the same figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from mlflow import MlflowClient

import dealml.jobs.modelling.backtest as job
from dealml.evaluation.metrics.lift import TOP_MEASURES
from dealml.evaluation.metrics.metrics import METRICS
from dealml.jobs.modelling.backtest import BacktestReport
from dealml.project import Project
from tests.cli.conftest import Ran

Run = Callable[..., Ran]


@dataclass(frozen=True)
class Done:
    project: Project
    page: Path
    report: BacktestReport


@pytest.fixture(scope="module")
def done(copied: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory) -> Done:
    """A backtest of `tiny` in a project where nothing was trained."""
    folder = tmp_path_factory.mktemp("backtest")
    project = copied(folder / "project")
    return Done(project, folder / "b.html", job.backtest(project, "tiny", None, 6, folder / "b.html"))


@pytest.fixture
def backtest(done: Done, dealml: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Run]:
    """The command on the backtest that is there already."""
    calls = []
    monkeypatch.setattr(job, "backtest", lambda *words: calls.append(words) or done.report)
    yield lambda *words: dealml("backtest", "tiny", "--project", done.project.folder, *words)
    assert [words[1:5] for words in calls] == [("tiny", None, 7, tmp_path / "x.html")]


def test_the_object_holds_everything(backtest: Run, tmp_path: Path) -> None:
    report = backtest("--json", "--origins", 7, "--out", tmp_path / "x.html").json
    assert report["method"] == "rolling origins"
    assert len(report["origins"]) == 6
    assert {"model", "base_rate", "stage_rates", "logistic_regression"} <= set(report["overall"])
    for metrics in report["overall"].values():
        # `tiny` knows no amounts.
        assert list(metrics) == [*METRICS, *TOP_MEASURES[:3]]
        assert metrics["log_loss"]["low"] < metrics["log_loss"]["value"] < metrics["log_loss"]["high"]
    assert set(report["log_loss_gain"]) == set(report["overall"]) - {"model"}
    assert list(report["slices"]) == ["horizon", "origin", "age", "life", "segment", "stage"]
    assert set(report["slices"]["life"]) == {"25%", "50%", "66%"}
    assert report["absent_slices"] == {"amount": "no row has an amount in the project's currency"}
    for part in (part for parts in report["slices"].values() for part in parts.values()):
        assert part["withheld"] == ("measured" not in part)
    assert sum(part["rows"] for part in report["slices"]["origin"].values()) == report["rows"]
    assert {"predicted", "observed", "low", "high", "weight", "n"} == set(report["reliability"]["model"][0])
    assert report["overall"]["model"]["auc"]["value"] > 0.65


def test_people_are_told_the_same(done: Done, backtest: Run, tmp_path: Path) -> None:
    ran = backtest("--origins", 7, "--out", tmp_path / "x.html")
    assert (ran.code, ran.err) == (0, "")
    evaluation = done.report.evaluation
    assert "the same recipe, trained afresh at each origin" in ran.out
    assert f"{evaluation.overall['model']['log_loss'].value:.3f}" in ran.out
    for word in (
        "beats base rate",
        "lift top 20%",
        "share of life",
        "66%",
        "Enterprise",
        "not by amount: no row has an amount",
        *(o.name for o in done.report.origins),
    ):
        assert word in ran.out
    withheld = [part for parts in evaluation.slices.values() for part in parts.values() if part.withheld]
    assert ran.out.count("withheld") == len(withheld) + bool(withheld)


def test_the_page_is_written_and_the_run_is_tracked(done: Done) -> None:
    page = done.page.read_text(encoding="utf-8")
    assert len(done.page.read_bytes()) == done.report.bytes
    uri = f"sqlite:///{done.project.folder / 'mlflow.db'}"
    client = MlflowClient(uri, uri)
    run = client.get_run(done.report.run_id)
    assert (run.info.run_name, run.info.status) == ("tiny backtest", "FINISHED")
    assert run.data.metrics["model.log_loss"] == done.report.evaluation.overall["model"]["log_loss"].value
    assert run.data.params["ledger_digest"] == done.project.ledger.digest
    names = {Path(item.path).name for item in client.list_artifacts(done.report.run_id, "figures")}
    assert {f"{name}.svg" for name in ("calibration", "roc", "precision_recall", "top", "log_loss_by_origin")} <= names
    stored = Path(client.download_artifacts(done.report.run_id, "backtest.html")).read_text(encoding="utf-8")
    assert stored == page
    assert client.search_model_versions("name = 'tiny'") == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--version", "1"), "No such option: --version"),
        (("--origins", "5"), "Invalid value for '--origins'"),
        (("--out", "x.txt"), "end the file's name in .html"),
    ],
)
def test_what_makes_no_sense_is_refused(dealml: Run, done: Done, words: tuple[str, ...], message: str) -> None:
    ran = dealml("backtest", "tiny", "--project", done.project.folder, *words)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_a_page_that_cannot_be_written_is_told_first(dealml: Run, done: Done, tmp_path: Path) -> None:
    ran = dealml("backtest", "tiny", "--out", tmp_path / "none" / "x.html", "--project", done.project.folder)
    assert (ran.code, ran.err.count("\n")) == (3, 1)
