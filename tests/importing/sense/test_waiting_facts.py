"""Orphans wait in the batch that had them, and come in with the record that they lack."""

from __future__ import annotations

from pathlib import Path

from tests.importing.company_fixtures import Company
from tests.importing.sense.test_orphans import ACCOUNTS, DEAL, DEALS, HEAD

CALLS = "deal,at\nD1,2025-02-03\nD9,2025-02-04\n"
LATE = HEAD + "D9,A9,2025-01-03,New\n"


def test_they_come_in_with_their_deal(company: Company) -> None:
    company.week("2026-01-05", DEALS, deals=DEAL, calls=CALLS)
    report = company.week("2026-01-12", DEALS, deals=LATE)
    assert [(note.kind, note.count) for note in report.notes] == [("orphan_came_in", 1)]
    assert company.days("activities", "deal_id") == [("D1", "2025-02-03", "2025-02-03"), ("D9", "2025-02-04", "2025-02-04")]


def test_the_order_of_imports_makes_no_difference(company: Company, tmp_path: Path) -> None:
    whole, first = company, Company(tmp_path / "other")
    whole.week(
        "2026-01-05", ACCOUNTS, deals=DEAL + LATE.split("\n", 1)[1], calls=CALLS, accounts="id,created\nA1,2025-01-01\nA9,2025-01-01\n"
    )
    first.week("2026-01-05", ACCOUNTS, deals=DEAL, calls=CALLS, accounts="id,created\nA1,2025-01-01\n")
    assert first.week("2026-01-12", ACCOUNTS, deals=DEAL + LATE.split("\n", 1)[1]).quarantined_kinds == {"orphan": 1}
    assert "D9" not in first.column("deal_id", "activities")
    first.week("2026-01-19", ACCOUNTS, accounts="id,created\nA9,2025-01-01\n")
    assert first.ledger.digest == whole.ledger.digest


def test_what_the_next_extract_holds_again_comes_in_once(company: Company) -> None:
    company.week("2026-01-05", DEALS, deals=DEAL, calls=CALLS)
    company.week("2026-01-12", DEALS, deals=DEAL, calls=CALLS)
    company.week("2026-01-19", DEALS, deals=LATE, calls=CALLS)
    assert sorted(company.column("deal_id", "activities")) == ["D1", "D9"]


def test_facts_that_their_extract_dates_come_in_by_the_next_one(company: Company) -> None:
    undated = DEALS.replace("occurred_at: at, recorded_at: at", "occurred_at: at")
    company.week("2026-01-05", undated, deals=DEAL, calls=CALLS)
    company.week("2026-01-12", undated, deals=LATE)
    assert company.column("deal_id", "activities") == ["D1"]
    company.week("2026-01-19", undated, calls=CALLS)
    assert sorted(company.column("deal_id", "activities")) == ["D1", "D9"]
