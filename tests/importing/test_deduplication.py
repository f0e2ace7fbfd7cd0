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


LIVES = """
    extracts:
      - file: deals.csv
        into: deals
        full: true
        deleted: {gone: "yes"}
        columns: {deal_id: id, occurred_at: at, recorded_at: at}
        attributes: {stage: stage}
      - file: deals.csv
        into: outcomes
        where: {stage: [Won, Lost]}
        columns: {deal_id: id, outcome: {column: stage, values: {Won: won, Lost: lost}}, occurred_at: closed, recorded_at: closed}
    """


def test_derived_facts_are_counted_and_every_row_is_accounted_for(company: Company) -> None:
    """D2 is flagged as deleted, D3 is missing, D4 was lost and is open again; one row cannot be read."""
    head = "id,at,stage,closed,gone\n"
    rows = ["D1,2026-01-01,Open,,", "D2,2026-01-01,Open,,", "D3,2026-01-01,Open,,", "D4,2026-01-01,Lost,2026-01-03,"]
    company.week("2026-01-05", LIVES, deals=head + "\n".join(rows))
    week = [rows[0], "D2,2026-01-01,Open,,yes", "D4,2026-01-01,Open,,", "D5,2026-01-01,Open,,", "D6,soon,Open,,"]
    for lines, events, reopened, quarantined in ((week[:4], 2, 1, 0), (week, 0, 0, 1)):
        report = company.week("2026-01-12", LIVES, deals=head + "\n".join(lines))
        deals, outcomes = report.counts
        assert (deals.derived, outcomes.derived) == (events, reopened)
        assert [(count.rows_read, count.quarantined) for count in report.counts] == [(len(lines), quarantined), (len(lines), 0)]
        for count in report.counts:
            assert count.rows_read == count.accepted + count.duplicates + count.quarantined + count.not_selected
        assert company.imports().total("derived") == 0
    assert sorted(company.days("record_events", "record_id", "event"))[:2] == [
        ("D2", "deleted", "2026-01-12", "2026-01-12"),
        ("D3", "deleted", "2026-01-12", "2026-01-12"),
    ]
