"""From facts of leads to what their list says, by facts from hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.page import Row
from dealml.page.review.rows import rows_of
from tests.ledger_fixtures import ledger_of

ROOT = Path(__file__).parents[3]
MONDAY = datetime(2025, 3, 3, tzinfo=UTC)


def day(number: int) -> dict[str, Any]:
    return {"occurred_at": MONDAY + timedelta(days=number), "recorded_at": MONDAY + timedelta(days=number)}


def event(lead: str, name: str, number: int, **more: str) -> dict[str, Any]:
    return {"lead_id": lead, "event": name} | day(number) | more


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    """On day 60; `cold` and `warm` were recycled, `new` is of a customer, `lost` of an account that left."""
    given_up = [event(lead, name, at) for lead in ("cold", "warm") for name, at in (("created", 0), ("disqualified", 5), ("recycled", 20))]
    facts = {
        "leads": [
            *given_up, event("warm", "qualified", 25), event("warm", "touched", 58), event("new", "created", 55, account_id="A1"),
            event("quiet", "created", 45), event("lost", "created", 50, account_id="A2"),
        ],
        "accounts": [{"account_id": account} | day(-90) for account in ("A1", "A2")],
        "account_changes": [{"account_id": "A1", "field": "name", "text": "Northwind"} | day(-90)],
        "deals": [{"deal_id": deal, "account_id": "A1"} | day(-80) for deal in ("D1", "D2", "D3")],
        "outcomes": [{"deal_id": "D1", "outcome": "won"} | day(-60)],
        "subscriptions": [
            {"subscription_id": "S1", "account_id": "A2", "event": name} | day(at) for name, at in (("start", -80), ("cancellation", 10))
        ],
    }  # fmt: skip
    spec = load_model(ROOT, "lead_conversion")
    view = View.of(ledger_of(tmp_path_factory.mktemp("rows"), facts), spec, MONDAY + timedelta(days=60))
    table = view.at_stake()
    reason = {"feature": "lead_age_days", "value": "60", "points": 0.2, "sentence": "Old: 60 days", "evidence": "Of 30, 10%."}
    scores = [{"entity_id": lead, "probability": 0.5, "reasons": [reason], "chances": [(7, 0.1), (30, 0.5)]} for lead in table["lead_id"]]
    features = {feature.name: feature for feature in view.plan.features}
    return {row.entity_id: row for row in rows_of(scores, table, "lead_id", spec.shown, features, "EUR")}


def test_touch_and_recycling_are_those_of_the_day(rows: dict[str, Row]) -> None:
    marks = {lead: row.lead_note.touch_marks for lead, row in rows.items() if row.lead_note}
    assert marks == {
        "cold": ("going cold", "recycled"), "warm": ("touched lately", "recycled"), "new": ("touched lately",), "quiet": (), "lost": (),
    }  # fmt: skip
    assert (rows["warm"].stage, rows["cold"].stage) == ("qualified", "recycled")
    assert rows["warm"].last_touch == date(2025, 4, 30)


def test_the_company_behind_a_lead_is_told_where_it_is_known(rows: dict[str, Row]) -> None:
    notes = {lead: row.lead_note for lead, row in rows.items() if row.lead_note}
    assert (notes["new"].open_deals, notes["new"].won_deals, notes["new"].churned) == (2, 1, False)
    assert (rows["new"].account, notes["new"].company_marks) == ("Northwind", ("has an open deal", "was won before"))
    assert notes["lost"].company_marks == ("has left",)
    assert (notes["quiet"].open_deals, notes["quiet"].won_deals, notes["quiet"].churned) == (None, None, None)


def test_chances_and_evidence_come_along(rows: dict[str, Row]) -> None:
    assert {row.lead_note.chances for row in rows.values() if row.lead_note} == {((7, 0.1), (30, 0.5))}
    assert {reason.evidence for row in rows.values() for reason in row.reasons_for} == {"Of 30, 10%."}
