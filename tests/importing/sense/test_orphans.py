"""Facts of a deal or an account that is missing are quarantined, and come in with a later extract that has the record."""

from __future__ import annotations

import pytest

from dealml.errors import InputError
from dealml.importing.import_settings import ImportSettings
from tests.importing.company_fixtures import Company

DEALS = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id, account_id: account, occurred_at: created, recorded_at: created}
      - file: calls.csv
        into: activities
        columns: {deal_id: deal, activity: {constant: call}, occurred_at: at, recorded_at: at}
    """
ACCOUNTS = (
    DEALS
    + """
      - file: accounts.csv
        into: accounts
        columns: {account_id: id, occurred_at: created, recorded_at: created}
    """
)
WHERE = DEALS.replace("columns: {deal_id: id", "where: {type: [New]}\n        columns: {deal_id: id")
HEAD = "id,account,created,type\n"
DEAL = HEAD + "D1,A1,2025-01-02,New\n"
CALLS = "deal,at\nD1,2025-02-03\nD9,2025-02-04\n,2025-02-05\n"


def test_a_call_of_a_missing_deal_is_quarantined(company: Company) -> None:
    company.maps(DEALS)
    company.has(DEAL)
    company.has(CALLS, "calls.csv")
    report = company.imports()
    assert report.quarantined_kinds == {"orphan": 1}
    assert [(row["row"], row["column"], row["value"]) for row in report.quarantine] == [(3, "deal", "D9")]
    assert report.quarantine[0]["reason"] == "neither the ledger nor this import holds this deal"
    assert sorted(map(str, company.column("deal_id", "activities"))) == ["D1", "None"]
    calls = report.counts[1]
    assert (calls.rows_in, calls.accepted, calls.quarantined, calls.duplicates) == (3, 2, 1, 0)


def test_a_later_extract_with_the_deal_brings_its_calls_too(company: Company) -> None:
    company.week("2026-01-05", DEALS, deals=DEAL, calls="deal,at\nD1,2025-02-03\nD1,2025-02-05\nD9,2025-02-04\n")
    report = company.week("2026-01-12", DEALS, deals=DEAL + "D9,A1,2025-01-03,New\n", calls="deal,at\nD1,2025-02-03\nD9,2025-02-04\n")
    assert not report.quarantined_kinds
    assert sorted(company.column("deal_id", "activities")) == ["D1", "D1", "D9"]


def test_a_deal_that_is_on_record_from_before_is_not_missing(company: Company) -> None:
    company.week("2026-01-05", DEALS, deals=DEAL)
    assert not company.week("2026-01-12", DEALS, calls="deal,at\nD1,2025-02-03\n").quarantined_kinds


def test_without_any_deal_nothing_is_an_orphan(company: Company) -> None:
    assert not company.week("2026-01-05", DEALS, calls=CALLS).quarantined_kinds


def test_a_deal_of_a_missing_account_takes_its_calls_with_it(company: Company) -> None:
    company.maps(ACCOUNTS)
    company.has(DEAL + "D2,A9,2025-01-03,New\n")
    company.has("id,created\nA1,2025-01-01\n", "accounts.csv")
    company.has("deal,at\nD1,2025-02-03\nD2,2025-02-04\n", "calls.csv")
    report = company.imports()
    assert [(row["file"], row["row"], row["value"]) for row in report.quarantine] == [("deals.csv", 3, "A9"), ("calls.csv", 3, "D2")]
    assert company.column("deal_id") == ["D1"]


def test_where_rows_were_left_out_orphans_are_counted(company: Company) -> None:
    company.maps(WHERE)
    company.has(DEAL + "D9,A1,2025-01-03,Renewal\n")
    company.has(CALLS, "calls.csv")
    report = company.imports()
    assert not report.quarantined_kinds
    assert [(note.kind, note.count, note.examples[0].row) for note in report.notes] == [("orphan", 1, 3)]
    assert "D9" in company.column("deal_id", "activities")


def test_rows_left_out_by_an_earlier_import_count_too(company: Company) -> None:
    company.week("2026-01-05", WHERE, deals=DEAL + "D9,A1,2025-01-03,Renewal\n")
    assert [note.kind for note in company.week("2026-01-12", DEALS, calls=CALLS).notes] == ["orphan"]


def test_a_deal_that_was_merged_away_is_known_by_its_merge(company: Company) -> None:
    merged = DEALS.replace("into: deals\n", "into: deals\n        deleted: {gone: ['1']}\n        merged_into: master\n")
    company.maps(merged)
    company.has("id,account,created,gone,master\nD1,A1,2025-01-02,0,\nD2,A1,2025-01-03,0,D1\n")
    company.has("deal,at\nD2,2025-02-03\nD1,2025-02-03\n", "calls.csv")
    assert not company.imports().quarantined_kinds


def test_a_merge_into_a_new_id_in_a_file_of_its_own_is_known(company: Company) -> None:
    merges = """
      - file: merges.csv
        into: record_events
        columns: {record_id: old, kind: {constant: deal}, event: {constant: merged}, into_id: new, occurred_at: at, recorded_at: at}
    """
    company.maps(DEALS + merges)
    company.has(DEAL)
    company.has("old,new,at\nD7,D1,2025-02-01\n", "merges.csv")
    company.has("deal,at\nD7,2025-01-20\n", "calls.csv")
    assert not company.imports().quarantined_kinds


def test_orphans_can_be_counted_or_refused(company: Company) -> None:
    company.maps(DEALS)
    company.has(DEAL)
    company.has(CALLS, "calls.csv")
    with pytest.raises(
        InputError, match=r"^calls\.csv:3: deal: 1 × orphan: 'D9' \(1 row, first calls\.csv:3\): neither .* \[imports\] orphan"
    ):
        company.imports(settings=ImportSettings(actions={"orphan": "refuse"}))
    assert company.ledger.tables == []
    assert [note.kind for note in company.imports(settings=ImportSettings(actions={"orphan": "count"})).notes] == ["orphan"]


def test_too_many_orphans_end_the_import(company: Company) -> None:
    company.maps(DEALS)
    company.has(DEAL)
    company.has("deal,at\n" + "".join(f"D{n},2025-02-03\n" for n in range(2, 30)), "calls.csv")
    with pytest.raises(InputError, match=r"activities: 28 of 28 rows would be quarantined \(28 × orphan in deal\)"):
        company.imports(allow_quarantine=False)
