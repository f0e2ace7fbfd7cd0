"""Feature tables as of a moment."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from dealml.errors import ModelError
from dealml.jobs.scoring.feature_table import write_features
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.project import Project, make_project
from tests.ledger_fixtures import ledger_of

START = datetime(2026, 1, 5, tzinfo=UTC)


def test_a_ledger_without_an_outcome_has_a_feature_table(tmp_path: Path) -> None:
    make_project(tmp_path)
    ledger = ledger_of(tmp_path / "ledger", {"deals": [{"deal_id": "D", "occurred_at": START, "recorded_at": START}]})
    project, as_of = Project(tmp_path), START + timedelta(days=10)
    assert write_features(project, "deal_win", as_of, tmp_path / "f.csv").rows == 1
    assert pd.read_csv(tmp_path / "f.csv")["age"].tolist() == [10]
    with pytest.raises(ModelError, match="the ledger has no deals and outcomes"):
        View.of(ledger, load_model(tmp_path, "deal_win"), as_of)
