from __future__ import annotations

import pandas as pd
import pytest

from dealml.learning.fitted import FittedModel
from tests.learning import snapshot_fixtures as synthetic


@pytest.fixture(scope="session")
def table() -> pd.DataFrame:
    """Hand-made snapshots."""
    return synthetic.snapshots()


@pytest.fixture(scope="session")
def model(table: pd.DataFrame) -> FittedModel:
    """Trees fitted on them."""
    return synthetic.fitted(table)
