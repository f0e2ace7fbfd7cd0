"""Values in the CRM at moments, of records that the CRM merges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from dealml.judgement.crm_values import crm_values
from dealml.learning.view import View
from tests.as_of.readers import END, SPEC
from tests.ledger_fixtures import ledger_of

START = datetime(2026, 1, 1, tzinfo=UTC)


def fact(day: float, **columns: object) -> dict[str, object]:
    moment = START + timedelta(days=day)
    return {"occurred_at": moment, "recorded_at": moment, **columns}


def test_a_merged_record_has_the_values_of_both(tmp_path: Path) -> None:
    facts = {
        "deals": [fact(1, deal_id=deal, account_id="A") for deal in ("L", "S")],
        "deal_changes": [fact(1, deal_id="S", field="amount", amount=100), fact(2, deal_id="L", field="amount", amount=70)],
        "outcomes": [fact(2, deal_id="Z", outcome="lost")],
        "record_events": [fact(12, record_id="L", kind="deal", event="merged", into_id="S")],
    }
    view = View.of(ledger_of(tmp_path / "ledger", facts), SPEC, END)
    before, after = (START + timedelta(days=day) for day in (12, 13))
    values = crm_values(view.con, view.tables, [("S", before), ("L", before), ("S", after)])
    assert [values[key].amount for key in (("S", before), ("L", before), ("S", after))] == [100, 70, 70]
