"""People of a deal, with what was recorded of them at their company by then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dealml.as_of.connection import connect
from dealml.as_of.known_tables import known_tables
from dealml.features.stakeholder_facts import people
from tests.ledger_fixtures import ledger_of

START = datetime(2025, 1, 1, tzinfo=UTC)


def at(day, **values):
    moment = START + timedelta(days=day)
    return {"occurred_at": moment, "recorded_at": moment, **values}


def test_a_person_has_the_seniority_on_record_when_their_part_was(tmp_path):
    contacts = [at(0, contact_id="c1", seniority=2), at(10, contact_id="c1", seniority=4), at(50, contact_id="c2", seniority=3)]
    stakeholders = [
        at(day, deal_id="d", contact_id=contact, role="champion") for day, contact in ((5, "c1"), (10, "c1"), (20, "c2"), (30, None))
    ]
    ledger = ledger_of(tmp_path / "ledger", {"contacts": contacts, "stakeholders": stakeholders})
    con = connect()
    rows = con.to_pyarrow(people(known_tables(con, ledger)).order_by("occurred_at")).to_pylist()
    assert [(row["contact_id"], row["seniority"]) for row in rows] == [("c1", 2), ("c1", 4), ("c2", None), (None, None)]
