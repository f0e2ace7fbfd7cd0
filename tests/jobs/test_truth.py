"""Probabilities against the simulator's own, which no import or feature can read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from sklearn.metrics import roc_auc_score

from dealml.importing.import_source import import_source
from dealml.jobs.modelling.train import train
from dealml.learning.fitted import FittedModel
from dealml.learning.training_rows import labelled
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.project import Project, make_project
from dealml.simulate import simulate
from tests.conftest import CUT, MAPPING, Company, ScoredFiles

KEYS = ["deal_id", "as_of", "horizon_days"]


@dataclass(frozen=True)
class Against:
    """How a model's probabilities stand to the true ones, on Mondays after its training whose horizon is over."""

    rows: int
    calibration_error: float
    """Mean distance of mean probability and mean truth, over tenths by probability."""
    auc: float
    best_auc: float
    """The truth's own."""


def compared(model: FittedModel, history: pd.DataFrame, end: datetime, truth: pd.DataFrame) -> dict[int | str, Against]:
    """The comparison at each horizon, and of all together (`all`)."""
    mondays = history[
        (history["as_of"] >= CUT) & (history["as_of"].dt.day_of_week == 0) & (history["as_of"] == history["as_of"].dt.normalize())
    ]
    rows = labelled(mondays, "deal_id", model.horizons, end)
    found = pd.DataFrame(
        {
            "deal_id": rows.entities,
            "as_of": pd.DatetimeIndex(rows.as_of).tz_localize("UTC"),
            "won": rows.label,
            "horizon_days": rows.horizon.astype("int64"),
            "p": model.probability(rows.table()),
        }
    )
    both = found.merge(truth.astype({"as_of": "datetime64[us, UTC]"}), on=KEYS, how="left")
    assert both["probability"].notna().all()
    return {part: _against(group) for part, group in [*both.groupby("horizon_days"), ("all", both)]}


def _against(rows: pd.DataFrame) -> Against:
    tenth = pd.qcut(rows["p"].rank(method="first"), 10, labels=False)
    means = rows.groupby(tenth)[["p", "probability"]].mean()
    auc, best = (float(roc_auc_score(rows["won"], rows[who])) for who in ("p", "probability"))
    return Against(len(rows), float((means["p"] - means["probability"]).abs().mean()), auc, best)


def test_a_small_company_is_learned_roughly(company: Company, later: pd.DataFrame) -> None:
    """136 deals won by then: enough to tell deals apart, not to pin a probability down."""
    end = datetime.fromisoformat("2026-01-05T00:00:00+00:00")
    found = compared(company.deal_win.fitted, later, end, pd.read_parquet(company.truth))
    assert found["all"].rows > 10_000
    assert found["all"].calibration_error < 0.06
    assert found["all"].best_auc - found["all"].auc < 0.06
    for horizon in company.deal_win.fitted.horizons:
        assert found[horizon].calibration_error < 0.12
        assert found[horizon].auc > 0.7


def test_scores_of_the_job_are_those_compared(scored: ScoredFiles, company: Company, later: pd.DataFrame) -> None:
    table = pq.read_table(scored.scores).to_pandas()
    at = later[later["as_of"] == CUT].sort_values("deal_id", ignore_index=True)
    for horizon, rows in table.groupby("horizon_days"):
        expected = company.deal_win.fitted.probability(at.assign(horizon_days=float(str(horizon))))
        assert rows.sort_values("entity_id")["probability"].tolist() == expected.tolist()


@pytest.mark.deep
@pytest.mark.timeout(1200)
def test_the_default_company_is_learned_well(tmp_path: Path) -> None:
    simulate(tmp_path / "company")
    make_project(tmp_path / "project")
    project = Project(tmp_path / "project")
    import_source(tmp_path / "company" / "export", MAPPING, project.ledger)
    model = train(project, "deal_win", CUT).fitted
    view = View.of(project.ledger, load_model(project.folder, "deal_win"), None, project.query_settings)
    truth = pd.read_parquet(tmp_path / "company" / "truth" / "truth.parquet")
    found = compared(model, view.history(weekly_only=True), view.end, truth)
    print("\n".join(f"{part}: {against}" for part, against in found.items()))
    assert found["all"].calibration_error <= 0.03
    for horizon in ("all", *model.horizons):
        assert found[horizon].best_auc - found[horizon].auc <= 0.02
