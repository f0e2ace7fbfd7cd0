"""What a project decides of facts that make no sense holds for rows of one extract, too."""

from __future__ import annotations

import pytest

from dealml.errors import InputError
from dealml.importing.import_settings import ImportSettings
from tests.importing.company_fixtures import Company

TWICE = "id,account,created\nD1,A1,2025-01-02\nD1,A2,2025-01-02\nD2,A1,2025-01-03\n"
LATER = "id,account,created\nD1,A1,2025-01-02\nD2,A1,2027-01-03\n"


def test_a_second_account_and_a_second_creation_are_quarantined(company: Company) -> None:
    company.has(TWICE + "D2,A1,2025-01-04\nD3,A1,2025-01-05\n")
    assert company.imports().quarantined_kinds == {"contradiction": 4}
    assert company.column("deal_id") == ["D3"]


def test_contradictions_can_be_counted_or_refused(company: Company) -> None:
    company.has(TWICE)
    with pytest.raises(InputError, match=r"deals\.csv:2: id: 'D1': differs from row 3.* \(2 × contradiction\); \[imports\] contradiction"):
        company.imports(settings=ImportSettings(actions={"contradiction": "refuse"}))
    report = company.imports(settings=ImportSettings(actions={"contradiction": "count"}))
    assert [(note.kind, note.count) for note in report.notes] == [("contradiction", 2)]
    assert sorted(company.column("account_id")) == ["A1", "A1", "A2"]


def test_facts_after_the_extract_are_quarantined_or_refused(company: Company) -> None:
    company.has(LATER)
    with pytest.raises(InputError, match=r"deals\.csv:3: created: '2027-01-03': lies after the extract.*; \[imports\] after_extract"):
        company.imports(settings=ImportSettings(actions={"after_extract": "refuse"}))
    assert company.imports().quarantined_kinds == {"after_extract": 1}


def test_the_same_files_with_another_decision_are_another_import(company: Company) -> None:
    company.has(TWICE)
    company.imports()
    assert not company.imports(settings=ImportSettings(actions={"contradiction": "count"})).already_imported
    assert sorted(company.column("account_id")) == ["A1", "A1", "A2"]
    assert company.imports().already_imported
