"""The files of leads: every new deal was a lead, what happens comes in order, and nothing else depends on leads."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import pytest

from dealml.simulate import simulate
from dealml.simulate.leads import people
from tests.simulate.conftest import Simulated, times

LEAD_FILES = {"LeadEvent.csv", "LeadHistory.csv", "LeadActivity.csv", "leads.parquet"}
DELIVERY_FILES = {
    "DealCost.csv", "TimeEntry.csv", "Approval.csv", "Delivery.csv", "CompanyProfile.csv", "StrategicValue.csv", "WinLossInterview.csv"
}  # fmt: skip


def test_every_new_deal_was_a_qualified_lead(small: Simulated):
    events, deals = small.table("LeadEvent"), small.table("Opportunity")
    new = deals[deals["DealKind"] == "New"].set_index("OpportunityNumber")
    became = events[events["Status"] == "Converted"].set_index("OpportunityNumber")
    assert sorted(became.index) == sorted(new.index)
    for lead, deal in (
        *((name, name) for name in ("LeadSource", "SizeClass", "Team", "AccountNumber")),
        ("HappenedOn", "CreatedOn"),
        ("EnteredOn", "EnteredOn"),
    ):
        assert (became[lead] == new[deal].reindex(became.index)).all(), lead
    assert became["LeadNumber"].is_unique
    assert set(became["LeadNumber"]) <= set(events[events["Status"] == "Qualified"]["LeadNumber"])
    history = small.table("LeadHistory").drop_duplicates("LeadNumber").set_index("LeadNumber")
    for column in ("Industry", "CountryCode"):
        assert (history[column].reindex(became["LeadNumber"]).to_numpy() == new[column].reindex(became.index).to_numpy()).all()


def test_what_happens_to_a_lead_comes_in_order(small: Simulated):
    events = small.table("LeadEvent").assign(at=lambda t: times(t["HappenedOn"]))
    assert not (times(events["EnteredOn"]) < events["at"]).any()
    order = events.sort_values(["LeadNumber", "at"], kind="stable")
    before = order.groupby("LeadNumber")["Status"].shift()
    allowed = {
        "Created": {None},
        "Qualified": {"Created", "Recycled"},
        "Disqualified": {"Created", "Qualified", "Recycled"},
        "Recycled": {"Disqualified"},
        "Converted": {"Qualified"},
    }
    for status, group in before.groupby(order["Status"]):
        assert {None if pd.isna(name) else name for name in group} <= allowed[str(status)], status
    assert 0.2 < events[events["Status"] == "Converted"]["LeadNumber"].nunique() / events["LeadNumber"].nunique() < 0.5
    assert 0.01 < (events["Status"] == "Recycled").sum() / (events["Status"] == "Disqualified").sum() < 0.3


def test_the_default_company_stays_small(full: Simulated):
    assert full.summary.rows["LeadActivity"] < 60_000
    assert full.table("LeadEvent")["LeadNumber"].nunique() < 8_000


def test_nothing_else_depends_on_leads(small: Simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(people, "BASE", -0.5)
    simulate(tmp_path, deals=600, customers=80)
    files = {path.name: path.read_bytes() for path in small.folder.rglob("*.*")}
    changed = {path.name for path in tmp_path.rglob("*.*") if path.read_bytes() != files[path.name]}
    # Hours are booked on leads too.
    assert changed == LEAD_FILES | {"TimeEntry.csv"}


def test_the_rest_of_the_company_is_what_it_was_before_leads_behaved(small: Simulated):
    digest = hashlib.sha256()
    for path in sorted((small.folder / "export").iterdir()):
        digest.update(b"" if path.name in LEAD_FILES | DELIVERY_FILES else path.read_bytes())
    assert digest.hexdigest() == "8e44da0e46cd828cd11c675cff0c574d2672606247c2a5f2da16c5e3f8552f46"
