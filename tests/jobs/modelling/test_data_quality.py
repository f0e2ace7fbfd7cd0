"""The card tells what every import refused and noted."""

from __future__ import annotations

from pathlib import Path

from dealml.jobs.modelling.data_quality import data_quality_of
from tests.importing.company_fixtures import Company
from tests.importing.sense.test_orphans import DEAL, DEALS, HEAD


def test_kinds_of_all_imports_are_added_up(tmp_path: Path) -> None:
    company = Company(tmp_path)
    assert data_quality_of(company.ledger).sentences == ("Imports refused and noted nothing.",)
    company.week("2026-01-05", DEALS, deals=DEAL, calls="deal,at\nD1,2025-02-03\nD9,2025-02-04\n")
    company.week("2026-01-12", DEALS, deals=HEAD + "D9,A1,2025-01-03,New\nD7,A1,2027-01-03,New\n")
    assert data_quality_of(company.ledger).rows == (
        ("after_extract", "1", "quarantined"),
        ("orphan", "1", "quarantined"),
        ("orphan_came_in", "1", "facts of earlier imports waited for a deal, an account or a lead of this one, and are in"),
    )
