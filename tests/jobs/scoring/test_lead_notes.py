"""Counts that readers of scores of leads are told, by numbers from hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dealml.jobs.scoring.lead_notes import lead_notes
from dealml.learning.view import View
from dealml.load_definitions import load_model
from tests.ledger_fixtures import ledger_of

ROOT = Path(__file__).parents[3]
MONDAY = datetime(2025, 3, 3, tzinfo=UTC)


def day(number: int) -> dict[str, Any]:
    return {"occurred_at": MONDAY + timedelta(days=number), "recorded_at": MONDAY + timedelta(days=number)}


def notes_at(folder: Path, model: str, days: int) -> tuple[str, ...]:
    domains = {"L1": "acme.com", "L2": "gmail.com", "L3": "nobody.com"}
    facts = {
        "accounts": [{"account_id": "A1"} | day(-9)],
        "account_changes": [{"account_id": "A1", "field": "website", "text": "https://www.acme.com"} | day(-9)],
        "leads": [{"lead_id": lead, "event": "created"} | day(0) for lead in domains]
        + [{"lead_id": "L4", "event": "created", "account_id": "A1"} | day(100), {"lead_id": "L3", "event": "disqualified"} | day(5)],
        "lead_changes": [{"lead_id": lead, "field": "email_domain", "text": domain} | day(0) for lead, domain in domains.items()],
        "deals": [{"deal_id": "D1", "account_id": "A1"} | day(-9)],
        "outcomes": [{"deal_id": "D1", "outcome": "won"} | day(0)],
    }
    view = View.of(ledger_of(folder, facts), load_model(ROOT, model), MONDAY + timedelta(days=days))
    return lead_notes(view, len(view.at_stake()))


def test_leads_are_counted_by_how_they_were_matched(tmp_path: Path) -> None:
    (told,) = notes_at(tmp_path, "lead_conversion", 101)
    matched, _, rest = told.partition("; ")
    assert matched == "of 4 leads on record 1 by id, 1 by the domain of their e-mail address are matched to an account"
    assert rest == "1 have free mail and 1 match none"


def test_leads_that_nothing_touched_are_counted(tmp_path: Path) -> None:
    assert notes_at(tmp_path, "lead_win", 181)[1:] == ("2 leads without an end are not scored, as nothing touched them for 180 days",)


def test_scores_of_deals_say_nothing_of_leads(tmp_path: Path) -> None:
    assert notes_at(tmp_path, "deal_win", 101) == ()


def test_before_the_first_lead_nothing_is_counted(tmp_path: Path) -> None:
    assert notes_at(tmp_path, "lead_conversion", 0) == ("no lead was on record yet",)
