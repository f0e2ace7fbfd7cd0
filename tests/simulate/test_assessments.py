"""Assessments: the CRM's figure is that of the stage, a rep's is too high and noisy, and nothing else depends on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dealml.simulate import assessments, simulate
from tests.simulate.conftest import Simulated, times


def test_the_crm_shows_one_figure_a_stage(small: Simulated) -> None:
    said, history = small.table("OpportunityAssessment"), small.table("OpportunityHistory")
    crm = said[said["Kind"] == "CRM"]
    moves = history[history["StageName"].isin(assessments.STAGE_PERCENT)].drop_duplicates("HistoryId")
    both = moves.merge(
        crm, left_on=["OpportunityNumber", "ChangedOn", "EnteredOn"], right_on=["OpportunityNumber", "AssessedOn", "EnteredOn"]
    )
    assert len(crm) > len(moves) * 0.98
    assert (both["StageName"].map(assessments.STAGE_PERCENT).astype(str) == both["Percent"]).mean() > 0.99
    assert set(crm["AssessedBy"]) == {""}


def test_reps_know_something_and_hope_for_more(full: Simulated) -> None:
    said, truth = full.table("OpportunityAssessment"), full.truth()
    said = said[said["Kind"] == "Rep"].assign(at=lambda t: times(t["EnteredOn"]))
    said = said.assign(monday=said["at"].dt.normalize() + pd.to_timedelta(7 - said["at"].dt.day_of_week, unit="D"))
    truth = truth[truth["horizon_days"] == 180]
    both = said.merge(truth, left_on=["OpportunityNumber", "monday"], right_on=["deal_id", "as_of"])
    told = both["Percent"].astype(float) / 100
    assert len(both) > 5_000
    assert told.between(0.05, 0.95).all()
    assert 0.05 < (told - both["probability"]).mean() < 0.2
    assert 0.6 < np.corrcoef(told, both["probability"])[0, 1] < 0.95


def test_reps_speak_of_open_deals_under_their_own_names(small: Simulated) -> None:
    said, closings = small.table("OpportunityAssessment"), small.table("OpportunityClosing")
    rep = said[said["Kind"] == "Rep"]
    assert (rep["AssessedBy"] != "").all()
    won = closings[closings["Status"] == "Won"].set_index("OpportunityNumber")["ClosedOn"]
    closed = times(rep["OpportunityNumber"].map(won).fillna(""))
    assert not (times(rep["EnteredOn"]) >= closed).any()


def test_nothing_else_depends_on_them(small: Simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assessments, "HOPE", 3.0)
    monkeypatch.setattr(assessments, "REP_SHARE", 0.5)
    simulate(tmp_path, deals=600, customers=80)
    files = {path.name: path.read_bytes() for path in small.folder.rglob("*.*")}
    changed = {path.name for path in tmp_path.rglob("*.*") if path.read_bytes() != files[path.name]}
    assert changed == {"OpportunityAssessment.csv"}
