"""Fixtures of the ledger's tests."""

from pathlib import Path

import pytest
from hypothesis import settings

from tests.importing.company_fixtures import Company

# The time of an example says more about the machine's other work than about the code.
settings.register_profile("ledger", deadline=None)
settings.load_profile("ledger")


@pytest.fixture
def company(tmp_path: Path) -> Company:
    """A company whose deals.csv (id, account, created) becomes deals."""
    return Company(tmp_path)
