"""What a later extract adds: new facts and changed values, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.importing.company_fixtures import DEALS, Company

ACCOUNTS = """
    extracts:
      - file: accounts.csv
        into: accounts
        columns: {account_id: id, occurred_at: created, recorded_at: created}
        attributes:
          region: region
          industry: {column: industry, known: created}
    """
FIRST = """
    extracts:
      - file: invoices.csv
        into: accounts
        keep: first
        columns: {account_id: who, occurred_at: at, recorded_at: at}
    """


def seen(company: Company, day: int, rows: str) -> Any:
    """Import an extract of a day in January."""
    company.maps(ACCOUNTS, f"dealml: 1\nextracted_at: 2026-01-{day:02}\n")
    company.has("id,created,region,industry\n" + rows, "accounts.csv")
    return company.imports()


def told(company: Company, field: str) -> list[tuple[str, int]]:
    """The values of an attribute with the day in January on which each was recorded; 0 for creation."""
    created = datetime(2025, 6, 1, tzinfo=UTC)
    return sorted(
        (c["text"], 0 if c["recorded_at"] == created else c["recorded_at"].day)
        for c in company.facts("account_changes")
        if c["field"] == field
    )


def test_an_unchanged_current_value_is_no_news_and_a_changed_one_is(company: Company) -> None:
    seen(company, 5, "a1,2025-06-01,North,Retail\n")
    report = seen(company, 12, "a1,2025-06-01,North,Retail\n")
    assert (report.total("accepted"), report.total("duplicates")) == (0, 1)
    assert told(company, "region") == [("North", 5)]
    report = seen(company, 19, "a1,2025-06-01,South,Retail\n")
    assert (report.total("accepted"), report.total("duplicates")) == (1, 0)
    seen(company, 26, "a1,2025-06-01,North,Retail\n")
    assert told(company, "region") == [("North", 5), ("North", 26), ("South", 19)]


def test_an_older_extract_imported_late_is_compared_with_what_stood_before_it(company: Company) -> None:
    seen(company, 19, "a1,2025-06-01,South,Retail\n")
    seen(company, 5, "a1,2025-06-01,South,Retail\n")
    assert told(company, "region") == [("South", 5), ("South", 19)]


def test_a_value_known_since_creation_that_reads_otherwise_later_is_news_of_the_later_extract(company: Company) -> None:
    seen(company, 5, "a1,2025-06-01,North,Retail\n")
    seen(company, 12, "a1,2025-06-01,North,Wholesale\n")
    assert told(company, "industry") == [("Retail", 0), ("Wholesale", 12)]
    assert seen(company, 19, "a1,2025-06-01,North,Wholesale\n").total("accepted") == 0
    assert told(company, "industry") == [("Retail", 0), ("Wholesale", 12)]


def test_an_overlapping_second_extract_counts_duplicates(company: Company) -> None:
    company.has("id,account,created\nd1,a,2025-01-01\nd2,a,2025-01-02\n")
    company.imports()
    company.has("id,account,created\nd2,a,2025-01-02\nd3,a,2025-01-03\nd3,a,2025-01-03\n")
    count = company.imports().counts[0]
    assert (count.rows_in, count.accepted, count.duplicates) == (3, 1, 2)
    assert sorted(company.column("deal_id")) == ["d1", "d2", "d3"]


def test_two_extracts_of_one_import_that_tell_the_same(company: Company) -> None:
    company.maps(DEALS + DEALS.split("extracts:")[1].replace("deals.csv", "more.csv").rstrip() + "\n")
    company.has("id,account,created\nd1,a,2025-01-01\n")
    company.has("id,account,created\nd1,a,2025-01-01\nd2,a,2025-01-01\n", "more.csv")
    assert [(c.accepted, c.duplicates) for c in company.imports().counts] == [(1, 0), (1, 1)]


def test_facts_that_differ_only_in_what_is_missing_are_two(company: Company) -> None:
    company.maps(DEALS.replace("into: deals", "into: activities").replace("{", "{activity: {constant: call}, "))
    company.has("id,account,created\nd1,,2025-01-01\nd1,a,2025-01-01\nd1,,2025-01-01\n")
    assert company.imports().total("accepted") == 2


def test_keep_first_takes_the_earliest_row_wherever_it_stands(company: Company) -> None:
    company.maps(FIRST)
    company.has("who,at\na1,2025-05-02\na2,2025-05-01\na1,2025-05-01\na1,2025-05-01\n", "invoices.csv")
    count = company.imports().counts[0]
    assert (count.rows_in, count.accepted, count.duplicates) == (4, 2, 2)
    assert {(f["account_id"], f["occurred_at"].day) for f in company.facts("accounts")} == {("a1", 1), ("a2", 1)}


def test_keep_first_adds_nothing_to_an_account_on_record(company: Company) -> None:
    company.maps(FIRST)
    company.has("who,at\na1,2025-05-01\n", "invoices.csv")
    company.imports()
    company.has("who,at\na1,2025-06-01\na2,2025-06-01\n", "invoices.csv")
    assert company.imports().total("accepted") == 1
    assert sorted(company.column("account_id", "accounts")) == ["a1", "a2"]
