from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dealml.project import Project
from tests.conftest import Company


@pytest.fixture
def copy(company: Company, tmp_path: Path) -> Project:
    """A copy of the trained company."""
    shutil.copytree(company.project.folder, tmp_path / "copy")
    return Project(tmp_path / "copy")
