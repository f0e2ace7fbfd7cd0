"""Real data without a signal: nothing beats the base rate, which is served. Real attributes of winners alone: no model is made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from dealml.importing.import_source import import_source
from dealml.project import Project, make_project
from tests.cli.conftest import Ran
from tests.shared_data_fixtures import mapping_of, shared

pytestmark = [pytest.mark.control, pytest.mark.timeout(900)]


@pytest.mark.parametrize(
    ("name", "model", "as_of"), [("maven_crm", "deal_win", "2017-10-02"), ("ravenstack", "account_churn", "2024-10-07")]
)
def test_nothing_beats_the_base_rate(dealml: Callable[..., Ran], tmp_path: Path, name: str, model: str, as_of: str) -> None:
    source, folder = shared(name), tmp_path / "p"
    make_project(folder)
    import_source(source, mapping_of(name), Project(folder).ledger)
    trained = dealml("train", model, "--project", folder, "--json")
    assert trained.code == 6
    assert "does not beat the baseline" in trained.err
    assert "Traceback" not in trained.err
    assert trained.json["rung"] == "base_rate"
    assert trained.json["verdict"]["beats"] is False
    assert set(trained.json["canaries"]) > set()

    ran = dealml("evaluate", model, "--project", folder)
    assert ran.code == 6
    assert "does not beat the baseline" in ran.err

    out = tmp_path / "scores.parquet"
    scored = dealml("score", model, "--as-of", as_of, "--out", out, "--project", folder)
    assert scored.code == 0
    assert "every score is the base rate: on held-out rows what was learned does not beat the baseline" in scored.err
    scores = pd.read_parquet(out)
    assert set(scores["rung"]) == {"base_rate"}
    assert scores.groupby("horizon_days")["probability"].nunique().eq(1).all()


def test_attributes_that_only_winners_have_are_all_named(dealml: Callable[..., Ran], tmp_path: Path) -> None:
    make_project(tmp_path / "p")
    project = Project(tmp_path / "p")
    import_source(shared("olist_funnel"), mapping_of("olist_funnel").with_stem("mapping_leaky"), project.ledger)
    trained = dealml("train", "lead_conversion", "--as-of", "2018-03-15", "--project", project.folder)
    assert trained.code == 6
    for name in ("lead_industry", "lead_function", "lead_seniority"):
        assert f"{name}: " in trained.err
    assert "lead_campaign: " not in trained.err
