from __future__ import annotations

import pyarrow.parquet as pq
import pytest

from tests.conftest import ScoredFiles


@pytest.fixture(scope="package")
def deal(scored: ScoredFiles) -> str:
    """A deal that was open on both days."""
    return min(pq.read_table(scored.scores)["entity_id"].to_pylist())
