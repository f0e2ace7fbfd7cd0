"""A tiny company in a project of its own, and one Prefect server for all flows under test."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="prefect-home-")  # before Prefect is imported, which reads it once
os.environ["PREFECT_LOGGING_TO_API_ENABLED"] = "false"
atexit.register(shutil.rmtree, os.environ["PREFECT_HOME"], ignore_errors=True)

import pipelines  # noqa: E402, F401  (Prefect's settings)
from dealml.importing.import_source import import_source  # noqa: E402
from dealml.project import Project, make_project  # noqa: E402
from dealml.simulate import simulate  # noqa: E402
from tests.conftest import made_once  # noqa: E402

MAPPING = Path(__file__).parents[2] / "examples" / "demo" / "mapping.yaml"
AS_OF = "2026-01-05"


@pytest.fixture(scope="session")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export of a tiny company."""
    return made_once(tmp_path_factory, "tiny_company", lambda folder: simulate(folder, deals=150, customers=40, seed=1)) / "export"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A new project without a fact."""
    make_project(tmp_path / "project")
    return Project(tmp_path / "project")


@pytest.fixture(scope="session")
def imported(extract: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with the company's ledger and no model."""
    folder = tmp_path_factory.mktemp("imported")
    make_project(folder)
    project = Project(folder)
    import_source(extract, MAPPING, project.ledger)
    return project


@pytest.fixture(scope="package")
def server() -> Iterator[None]:
    """Prefect's server for tests, started once and ended with them: it takes a share of a core as long as it runs."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=None):
        yield
