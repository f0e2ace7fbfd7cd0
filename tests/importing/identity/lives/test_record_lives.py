"""Deleting and restoring need the ledger to know the record; most mappings ask for none of it."""

from __future__ import annotations

import pytest

from dealml.errors import InputError
from tests.importing.company_fixtures import DEALS, Company

PEOPLE = """
    extracts:
      - file: people.csv
        into: contacts
        deleted: {gone: "1"}
        columns: {contact_id: id, occurred_at: at, recorded_at: at}
      - file: firms.csv
        into: accounts
        merged_into: {column: master}
        merged_at: merged
        columns: {account_id: id, occurred_at: at, recorded_at: at}
    """


def test_every_kind_of_record_has_a_life(company: Company) -> None:
    for at, gone, into in (("2026-01-05", "0", ","), ("2026-01-12", "1", "A2,2026-01-10")):
        people = f"id,at,gone\nP1,2026-01-01,{gone}\n"
        company.week(at, PEOPLE, people=people, firms=f"id,at,master,merged\nA1,2026-01-01,{into}\nA2,2026-01-01,,\n")
    assert company.days("record_events", "kind", "record_id", "event", "into_id") == [
        ("account", "A1", "merged", "A2", "2026-01-10", "2026-01-10"),
        ("contact", "P1", "deleted", None, "2026-01-12", "2026-01-12"),
    ]


def test_an_ordinary_mapping_makes_no_record_events(company: Company) -> None:
    company.week("2026-01-05", DEALS, deals="id,account,created\nD1,A,2026-01-01\n")
    assert company.ledger.tables == ["deals"]


@pytest.mark.parametrize("key", ["full: true", "deleted: {gone: x}", "merged_into: master"])
def test_a_cross_section_has_no_lives(company: Company, key: str) -> None:
    company.maps(
        f"""
    extracts:
      - file: deals.csv
        into: deals
        {key}
        columns: {{deal_id: id}}
    """,
        "dealml: 1\ncross_section: true\n",
    )
    with pytest.raises(InputError, match=r"mapping.yaml:7: extracts.0.\w+: a cross-section shows each record once; leave it out"):
        company.imports()
