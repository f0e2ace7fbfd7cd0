from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dealml.jobs.modelling.holdout import labelled_history
from dealml.learning.training_rows import TrainingRows
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.project import Project
from tests.conftest import Company
from tests.registry_fixtures import contested


@pytest.fixture(scope="session")
def history(company: Company) -> tuple[View, TrainingRows]:
    """All that the company's ledger tells about `tiny`."""
    return labelled_history(company.project, load_model(company.project.folder, "tiny"), None, lambda *_: None)


@pytest.fixture
def contest(
    copied: Callable[[Path], Project],
    company: Company,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    history: tuple[View, TrainingRows],
    monkeypatch: pytest.MonkeyPatch,
) -> Project:
    """A project with a champion and two versions after it; its history is computed once for all tests."""
    monkeypatch.setattr("dealml.jobs.modelling.champion_challenger.labelled_history", lambda *_: history)
    return contested(copied, company, tmp_path_factory, tmp_path / "contest")
