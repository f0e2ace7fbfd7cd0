from __future__ import annotations

from pathlib import Path

import pytest

from tests.economics.economics_fixtures import HandMade, company, hand_made


@pytest.fixture(scope="session")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> HandMade:
    """The company that is computed by hand; tests read it and change nothing."""
    return hand_made(Path(tmp_path_factory.mktemp("economics") / "project"), company())
