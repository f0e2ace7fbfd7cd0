"""The whole week's work on a real, tiny company."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pandas as pd
import pytest
from prefect.client.orchestration import get_client

from dealml.project import Project, make_project
from dealml.tracking import Registry
from pipelines.score import score
from pipelines.weekly import weekly
from tests.pipelines.conftest import AS_OF, MAPPING

# pyarrow reads zoned times of pandas by a property that pandas 4 will change
pytestmark = pytest.mark.filterwarnings("ignore:Series.values returning an ndarray that drops timezone:pandas.errors.Pandas4Warning")
MODELS = ["account_churn", "deal_loss", "deal_win", "lead_conversion", "lead_win"]
PAGES = ["account_churn", "deal_win", "lead_conversion", "lead_win"]


@pytest.fixture(scope="module")
def done(extract: Path, server: None, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project after its first week."""
    folder = tmp_path_factory.mktemp("weekly")
    make_project(folder)
    for name in MODELS:
        (folder / "models" / f"{name}.toml").write_text("[trees]\nnum_boost_round = 20\n", encoding="utf-8")  # quick to fit
    weekly(str(folder), str(extract), str(MAPPING), as_of=AS_OF)
    return Project(folder)


def scores(project: Project) -> int:
    """How many scores stand in the project's database."""
    with sqlite3.connect(project.folder / "scores.db") as connection:
        return int(connection.execute("SELECT count(*) FROM scores").fetchone()[0])


def test_all_models_are_registered_and_have_scored(done: Project) -> None:
    registry = Registry(done.tracking_uri, done.folder / "mlartifacts")
    assert [registry.champion(name).version for name in MODELS] == [1] * len(MODELS)
    assert scores(done) > 100


def test_each_model_that_stands_for_itself_has_its_page(done: Project) -> None:
    assert sorted(path.name for path in (done.folder / "reviews").iterdir()) == [f"{name}-{AS_OF}.html" for name in PAGES]


def test_the_scenarios_of_what_is_open_are_written(done: Project) -> None:
    assert sorted(path.name for path in (done.folder / "choosing").iterdir()) == [
        f"economics-{AS_OF}.parquet",
        f"scenarios-{AS_OF}.parquet",
        f"where-to-compete-{AS_OF}.html",
    ]
    assert [path.name for path in (done.folder / "scenarios").iterdir()] == [f"{AS_OF}T000000.json"]


def test_open_deals_are_weighed_by_the_scores_of_the_week(done: Project) -> None:
    table = pd.read_parquet(done.folder / "choosing" / f"economics-{AS_OF}.parquet")
    assert table.loc[table["kind"] == "deal", "win"].notna().all()
    assert table["win_source"].str.startswith(("deal_win version 1, within 180 days", "look-alikes")).all()


def test_each_page_is_kept_in_mlflow_too(done: Project) -> None:
    kept = {path.read_text(encoding="utf-8") for path in (done.folder / "mlartifacts").rglob("review.html")}
    assert kept == {path.read_text(encoding="utf-8") for path in (done.folder / "reviews").iterdir()}


def test_scoring_again_writes_nothing_new(done: Project) -> None:
    before = scores(done)
    assert score(str(done.folder), None, AS_OF) == [0] * len(MODELS)
    assert scores(done) == before


def test_progress_tables_and_links_are_shown(done: Project) -> None:
    with get_client(sync_client=True) as client:
        kinds = {artifact.key: artifact.type for artifact in client.read_artifacts(limit=200)}
    assert kinds["import"] == kinds["scenarios"] == "table"
    for model in ("account-churn", "deal-loss", "deal-win"):
        assert kinds[f"version-{model}"] == "markdown"
        assert kinds[f"scores-{model}"] == "table"
        assert kinds.get(f"review-{model}") == (None if model == "deal-loss" else "markdown")
        assert kinds[f"train-{model}-features"] == "progress"
