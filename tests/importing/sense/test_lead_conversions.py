"""Conversions of leads are judged where deals are imported at all; each lead that was converted too early counts once."""

from __future__ import annotations

from tests.importing.company_fixtures import Company

LEADS = """
    extracts:
      - file: leads.csv
        into: leads
        columns: {lead_id: lead, event: what, deal_id: deal, occurred_at: at, recorded_at: at}
    """
DEALS = """
      - file: deals.csv
        into: deals
        columns: {deal_id: id, occurred_at: created, recorded_at: created}
    """
EVENTS = "lead,what,deal,at\nL1,created,,2025-01-05\nL1,converted,d1,2025-01-03\nL1,converted,d2,2025-01-04\n"


def notes(company: Company, mapping: str, **files: str) -> dict[str, tuple[int, str]]:
    report = company.week("2025-03-01", mapping, **files)
    return {note.kind: (note.count, note.examples[0].text) for note in report.notes}


def test_without_any_deal_only_the_clocks_are_judged(company: Company) -> None:
    assert notes(company, LEADS, leads=EVENTS) == {"conversion_before_creation": (1, "lead: L1: before the lead came in, on 2025-01-05")}


def test_a_deal_that_is_missing_is_named_and_its_lead_stays_converted(company: Company) -> None:
    found = notes(company, LEADS + DEALS, leads=EVENTS, deals="id,created\nd1,2025-01-03\n")
    assert found["conversion_without_deal"] == (1, "deal: d2: neither the ledger nor this import holds this deal")
    assert company.column("event", "leads").count("converted") == 2


def test_a_conversion_in_the_moment_of_creation_is_sound(company: Company) -> None:
    events = "lead,what,deal,at\nL1,created,,2025-01-05\nL1,converted,d1,2025-01-05\n"
    assert not notes(company, LEADS + DEALS, leads=events, deals="id,created\nd1,2025-01-05\n")
