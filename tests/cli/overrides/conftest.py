from __future__ import annotations

from pathlib import Path

import pytest

from dealml.learning.view import View
from dealml.load_definitions import load_model
from tests.conftest import CUT, Company


@pytest.fixture(scope="package")
def deals(company: Company) -> list[str]:
    """Deals that were open on the day."""
    report = View.of(company.project.ledger, load_model(company.project.folder, "tiny"), CUT).at_stake()
    return sorted(str(deal) for deal in report["deal_id"])


@pytest.fixture
def here(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Path]:
    """The option that names the project, whose score database is the test's own."""
    monkeypatch.setenv("DEALML_SCORES__URL", f"sqlite:///{tmp_path / 'own.db'}")
    return "--project", company.project.folder
