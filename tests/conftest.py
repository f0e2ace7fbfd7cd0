"""One small simulated company with its ledger and models, made once and shared by the whole suite."""

from __future__ import annotations

import gc
import os
import pickle
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

# Three workers share two cores: a thread that waits for another must not keep a core busy. The first two are read when LightGBM and
# numpy are loaded.
os.environ |= {"OMP_WAIT_POLICY": "passive", "OPENBLAS_NUM_THREADS": "1", "DEALML_MACHINE__THREADS": "1"} | os.environ

import pandas as pd
import pytest
from filelock import FileLock

from dealml.importing.import_source import import_source
from dealml.jobs.modelling.train import Trained, train
from dealml.jobs.scoring.score import ScoringReport, score_all
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.project import Project, make_project
from dealml.simulate import simulate

ROOT = Path(__file__).parents[1]
MAPPING = ROOT / "examples" / "demo" / "mapping.yaml"
CUT = datetime(2025, 2, 3, tzinfo=UTC)
"""Models are trained as of this Monday; eleven months of the company's life come after."""

TINY = '''"""A model of a few features, quick to compute: for tests of all that is not about features."""

from dealml import Model, Shown, Trees, Won
from features import champion, milestones, segment, stage

MODEL = Model(
    name="tiny", entity="deal_id", outcomes=(Won(),), horizons=(30, 90, 180), main_horizon=90,
    features=(stage.stage, stage.stage_place, stage.days_in_stage, milestones.milestones_reached,
              champion.champion_depth, segment.segment, segment.country),
    shown=Shown(stage="stage", segment="segment"), trees=Trees(num_boost_round=60),
)
'''


def pytest_configure(config: pytest.Config) -> None:
    """Let pass what third parties warn of among themselves, and collect garbage less often: expressions of queries are many objects."""
    gc.set_threshold(100_000, 50, 50)
    for warning in (
        "ignore:Series.values returning an ndarray that drops timezone",  # pyarrow 25 with pandas 3.1
    ):
        config.addinivalue_line("filterwarnings", warning)


SLOW_FIRST = (
    "tests/pipelines",
    "tests/docs/test_readme",
    "tests/test_wheel",
    "tests/cli/modelling/test_models",
    "tests/jobs/explaining/test_explain",
    "tests/jobs/test_random",
)
"""Files that take minutes are handed out first, so that no worker is left with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put slow files first; the order is otherwise as it was."""
    items.sort(key=lambda item: not item.nodeid.startswith(SLOW_FIRST))


@dataclass(frozen=True)
class Company:
    """A project that was trained as of `CUT`."""

    project: Project
    truth: Path
    tiny: Trained
    deal_win: Trained


@dataclass(frozen=True)
class ScoredFiles:
    """What a scoring run left."""

    report: ScoringReport
    scores: Path
    contributions: Path


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> None:
    for name in [name for name in os.environ if name.startswith("DEALML_")]:
        del os.environ[name]


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small simulated company: `export/` and `truth/`; all workers read the same one."""
    return made_once(tmp_path_factory, "simulated", lambda folder: simulate(folder, deals=700, customers=120, seed=5))


@pytest.fixture(scope="session")
def imported(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with the company's ledger, a model `tiny`, and nothing trained."""

    def make(folder: Path) -> None:
        make_project(folder)
        (folder / "models" / "tiny.py").write_text(TINY, encoding="utf-8")
        import_source(simulated / "export", MAPPING, Project(folder).ledger)

    made, folder = made_once(tmp_path_factory, "imported", make), tmp_path_factory.mktemp("project") / "imported"
    return Project(Path(shutil.copytree(made, folder)))


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MLflow's database without a run: it takes seconds to make, so it is made once and copied."""
    from dealml.tracking import Registry

    def make(folder: Path) -> None:
        Registry(f"sqlite:///{folder / 'mlflow.db'}", folder / "mlartifacts")

    return made_once(tmp_path_factory, "store", make) / "mlflow.db"


@pytest.fixture(scope="session")
def copied(imported: Project, empty_store: Path) -> Callable[[Path], Project]:
    """Makes a project in a folder: definitions, ledger and an empty registry, as its own copy."""

    def copy(folder: Path) -> Project:
        shutil.copytree(imported.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(empty_store, folder / "mlflow.db")
        return Project(folder)

    return copy


@pytest.fixture(scope="session")
def company(copied: Callable[[Path], Project], simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The project with two trained models; tests read it and add nothing that others would see.

    It is trained once for all workers of a run: the first one trains on both cores, each gets a copy of its own.
    """
    made, kept = _of_the_run(tmp_path_factory) / "company", _of_the_run(tmp_path_factory) / "trained.pickle"
    with FileLock(f"{kept}.lock"):
        if not kept.exists():
            project = copied(made)
            kept.write_bytes(pickle.dumps((train(project, "tiny", CUT), train(project, "deal_win", CUT))))
    folder = with_registry_copied(made, tmp_path_factory.mktemp("company") / "project")
    tiny, deal_win = pickle.loads(kept.read_bytes())
    return Company(Project(folder), simulated / "truth" / "truth.parquet", tiny, deal_win)


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the first worker makes, for all workers of a run to read."""
    folder = _of_the_run(factory) / name
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            unfinished = factory.mktemp(name)
            make(unfinished)
            unfinished.rename(folder)
    return folder


def made_in_place(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """As `made_once`, for what keeps its own path and so cannot be moved."""
    folder = _of_the_run(factory) / name
    complete = folder.with_suffix(".complete")
    with FileLock(f"{folder}.lock"):
        if not complete.exists():
            make(folder)
            complete.touch()
    return folder


def with_registry_copied(made: Path, folder: Path) -> Path:
    """Copy a project with its registry to a folder, and return that."""
    shutil.copytree(made, folder, ignore=shutil.ignore_patterns("__pycache__"))
    _moved(folder / "mlflow.db", made, folder)
    return folder


def _moved(store: Path, old: Path, new: Path) -> None:
    """MLflow keeps absolute paths of artefacts: those of a copied project become its own."""
    places = (("experiments", "artifact_location"), ("runs", "artifact_uri"), ("model_versions", "storage_location"))
    with closing(sqlite3.connect(store)) as connection, connection:
        for table, column in places:
            connection.execute(f"UPDATE {table} SET {column} = replace({column}, ?, ?)", (str(old), str(new)))


def _of_the_run(factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of a run see; without workers the run's own."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def scored(company: Company, tmp_path_factory: pytest.TempPathFactory) -> ScoredFiles:
    """All open deals as of `CUT`, scored with `deal_win` by the job."""
    folder = tmp_path_factory.mktemp("scored")
    scores, contributions = folder / "scores.parquet", folder / "contributions.parquet"
    return ScoredFiles(score_all(company.project, "deal_win", CUT, scores, contributions), scores, contributions)


@pytest.fixture(scope="session")
def later(company: Company) -> pd.DataFrame:
    """Every snapshot of the company's deals with the features of `deal_win`, seen from the end of the data."""
    project = company.project
    return View.of(project.ledger, load_model(project.folder, "deal_win"), None, project.query_settings).history()
