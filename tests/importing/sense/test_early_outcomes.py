"""Outcomes at or before the deal's creation, and deals that were never seen open, are counted."""

from __future__ import annotations

import pytest

from dealml.errors import InputError
from dealml.importing.import_settings import ImportSettings
from tests.importing.company_fixtures import Company

MAPPING = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id, occurred_at: created, recorded_at: entered}
      - file: closed.csv
        into: outcomes
        columns: {deal_id: id, outcome: outcome, occurred_at: at, recorded_at: entered}
    """
DEALS = "id,created,entered\nD1,2025-01-02,2025-01-02\nD2,2025-01-02,2025-03-01\nD3,2025-01-02,2025-01-02\n"
CLOSED = "id,outcome,at,entered\nD1,won,2025-01-02,2025-01-09\nD2,lost,2025-02-01,2025-02-01\nD3,won,2025-02-01,2025-02-01\n"


def test_each_kind_is_counted(company: Company) -> None:
    notes = company.week("2026-01-05", MAPPING, deals=DEALS, closed=CLOSED).notes
    assert [(note.kind, note.count, note.examples[0].row, note.examples[0].text) for note in notes] == [
        ("never_open", 1, 3, "id: D2: closed no later than the deal was on record, on 2025-03-01"),
        ("outcome_before_creation", 1, 2, "id: D1: at or before the deal's creation on 2025-01-02"),
    ]
    assert len(company.facts("outcomes")) == 3


def test_a_deal_that_was_open_is_not_counted(company: Company) -> None:
    assert not company.week("2026-01-05", MAPPING, deals=DEALS, closed="id,outcome,at,entered\nD3,won,2025-02-01,2025-02-01\n").notes


def test_the_creation_may_be_on_record_from_before(company: Company) -> None:
    company.week("2026-01-05", MAPPING, deals=DEALS)
    notes = company.week("2026-01-12", MAPPING, closed=CLOSED).notes
    assert [note.kind for note in notes] == ["never_open", "outcome_before_creation"]


def test_an_outcome_before_the_creation_can_be_quarantined(company: Company) -> None:
    company.maps(MAPPING)
    company.has(DEALS)
    company.has(CLOSED, "closed.csv")
    report = company.imports(settings=ImportSettings(actions={"outcome_before_creation": "quarantine"}))
    assert report.quarantined_kinds == {"outcome_before_creation": 1}
    assert sorted(company.column("deal_id", "outcomes")) == ["D2", "D3"]


def test_deals_never_open_can_be_refused(company: Company) -> None:
    company.maps(MAPPING)
    company.has(DEALS)
    company.has(CLOSED, "closed.csv")
    with pytest.raises(InputError, match=r"^closed\.csv:3: id: 1 × never_open: 'D2'"):
        company.imports(settings=ImportSettings(actions={"never_open": "refuse"}))
