"""Deleted, restored and merged records become record events, once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dealml.errors import InputError
from dealml.importing.import_settings import ImportSettings
from tests.importing.company_fixtures import Company

FLAGGED = """
    extracts:
      - file: deals.csv
        into: deals
        where: {IsDeleted: "false"}
        columns: {deal_id: Id, occurred_at: Created, recorded_at: Created}
    """
DECLARED = """
    extracts:
      - file: deals.csv
        into: deals
        deleted: {gone: "yes"}
        deleted_at: gone_at
        merged_into: master
        columns: {deal_id: Id, occurred_at: Created, recorded_at: Created}
    """
MERGES = """
    extracts:
      - file: merged_deal.csv
        into: record_events
        columns: {record_id: merged_deal_id, into_id: deal_id, kind: {constant: deal}, event: {constant: merged}}
    """
HEAD = "Id,Created,IsDeleted\n"
DECLARED_HEAD = "Id,Created,gone,gone_at,master\n"
EVENT = ("record_id", "event", "into_id")


def events(company: Company) -> list[tuple[object, ...]]:
    """Every record event with the day of its recording."""
    return [(*row[:3], row[4]) for row in company.days("record_events", *EVENT)]


def flags(company: Company, at: str, *rows: str) -> None:
    """Import a week of deals with Salesforce's flag."""
    company.week(at, FLAGGED, deals=HEAD + "".join(f"{id_},2026-01-01,{flag}\n" for id_, flag in map(str.split, rows)))


def test_a_deal_that_where_drops_by_its_flag_was_deleted_and_comes_back_restored(company: Company) -> None:
    flags(company, "2026-03-01", "O1 false", "O2 false")
    flags(company, "2026-03-08", "O1 true", "O2 false", "O9 true")
    flags(company, "2026-03-15", "O1 true", "O2 false")
    assert events(company) == [("O1", "deleted", None, "2026-03-08")]
    flags(company, "2026-03-22", "O1 false", "O2 false")
    flags(company, "2026-03-29", "O1 false", "O2 false")
    flags(company, "2026-04-05", "O1 true", "O2 false")
    assert events(company) == [
        ("O1", "deleted", None, "2026-03-08"),
        ("O1", "deleted", None, "2026-04-05"),
        ("O1", "restored", None, "2026-03-22"),
    ]


def test_an_older_version_that_is_not_active_is_no_deletion(company: Company) -> None:
    flags(company, "2026-03-01", "O1 false")
    flags(company, "2026-03-08", "O1 true", "O1 false")
    assert events(company) == []


def test_a_late_import_of_an_older_extract_restores_nothing(company: Company) -> None:
    flags(company, "2026-03-01", "O1 false")
    flags(company, "2026-03-15", "O1 true")
    flags(company, "2026-03-08", "O1 false")
    assert events(company) == [("O1", "deleted", None, "2026-03-15")]


def declared(company: Company, at: str, rows: str) -> None:
    """Import a week of deals by a mapping that declares what is deleted and merged."""
    company.week(at, DECLARED, deals=DECLARED_HEAD + rows)


def test_a_declared_deletion_has_its_time_and_a_merge_is_no_deletion(company: Company) -> None:
    declared(company, "2026-03-01", "O1,2026-01-01,,,\nO2,2026-01-01,,,\nO3,2026-01-01,,,\n")
    rows = "O1,2026-01-01,yes,2026-03-03,\nO2,2026-01-01,yes,2026-03-04,O3\nO3,2026-01-01,,,\n"
    declared(company, "2026-03-08", rows)
    declared(company, "2026-03-15", rows)
    assert events(company) == [("O1", "deleted", None, "2026-03-03"), ("O2", "merged", "O3", "2026-03-08")]


def test_a_merge_into_a_new_record_told_by_a_table_of_merges(company: Company) -> None:
    for at in ("2026-03-08", "2026-03-15"):
        company.week(at, MERGES, merged_deal="deal_id,merged_deal_id\nN,A\nN,B\n")
    assert events(company) == [("A", "merged", "N", "2026-03-08"), ("B", "merged", "N", "2026-03-08")]


def test_a_flagged_loser_of_a_told_merge_is_not_deleted(company: Company) -> None:
    flags(company, "2026-03-01", "A false", "N false")
    both = FLAGGED + MERGES.split("extracts:")[1].rstrip() + "\n"
    company.week("2026-03-08", both, deals=HEAD + "A,2026-01-01,true\nN,2026-01-01,false\n", merged_deal="deal_id,merged_deal_id\nN,A\n")
    assert events(company) == [("A", "merged", "N", "2026-03-08")]


def test_merges_in_a_circle_are_refused_with_the_chain(company: Company) -> None:
    company.week("2026-03-08", MERGES, merged_deal="deal_id,merged_deal_id\nB,A\n")
    with pytest.raises(InputError, match=r"^record_events: the deals A → B → A are merged in a circle; nothing is imported$"):
        company.week("2026-03-15", MERGES, merged_deal="deal_id,merged_deal_id\nA,B\n")
    with pytest.raises(InputError, match="C → C are merged in a circle"):
        company.week("2026-03-15", MERGES, merged_deal="deal_id,merged_deal_id\nC,C\n")
    assert len(company.facts("record_events")) == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("A,B,person,merged", "expected one of account, contact, deal, lead"),
        ("A,B,deal,gone", "expected one of deleted, merged, restored"),
        ("A,,deal,merged", "is empty; a merge needs the record that it became part of"),
    ],
)
def test_a_row_that_is_no_record_event_is_quarantined(company: Company, row: str, reason: str) -> None:
    mapping = """
    extracts:
      - file: e.csv
        into: record_events
        columns: {record_id: a, into_id: b, kind: kind, event: event}
    """
    report = company.week("2026-03-08", mapping, e=f"a,b,kind,event\nC,,deal,deleted\n{row}\n")
    assert [quarantined["reason"] for quarantined in report.quarantine] == [reason]


def test_a_day_of_deletion_is_one_in_the_companys_zone(company: Company) -> None:
    for at, row in (("2026-03-01", "O1,2026-01-01,,,\n"), ("2026-03-08", "O1,2026-01-01,yes,2026-03-03,\n")):
        company.maps(DECLARED, f"dealml: 1\nextracted_at: {at}\n")
        company.has(DECLARED_HEAD + row)
        company.imports(settings=ImportSettings(time_zone="Europe/Warsaw"))
    assert company.column("recorded_at", "record_events") == [datetime(2026, 3, 2, 23, tzinfo=UTC)]
