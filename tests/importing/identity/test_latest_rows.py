"""Of two rows of one record the later one, by a column that the mapping names."""

from __future__ import annotations

import pytest

from tests.importing.company_fixtures import Company

DEALS = """
    extracts:
      - file: deals.csv
        into: deals
        latest: updated
        columns: {deal_id: id, occurred_at: created, recorded_at: created}
        attributes: {owner: owner}
      - file: deals.csv
        into: outcomes
        latest: updated
        where: {stage: won}
        columns: {deal_id: id, outcome: stage, occurred_at: created, recorded_at: created}
    """
HEAD = "id,created,owner,updated,stage\n"


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2025-02-01", "2025-02-20"),
        ("2025-02-01T10:00:00+02:00", "2025-02-01T09:00:00Z"),
        ("9", "10"),
        ("0175g00000AbCdE", "0175g00000AbCdF"),
        ("", "2025-02-20"),
    ],
)
def test_the_latest_row_counts_whole_wherever_it_stands(company: Company, earlier: str, later: str) -> None:
    company.maps(DEALS)
    company.has(HEAD + f"D1,2025-02-01,Bela,{later},open\nD1,2025-02-01,Anna,{earlier},open\n")
    count = company.imports().counts[0]
    assert (count.accepted, count.duplicates, count.quarantined) == (1, 1, 0)
    assert [fact["text"] for fact in company.facts("deal_changes")] == ["Bela"]


def test_rows_that_are_equally_late_and_differ_are_refused(company: Company) -> None:
    company.maps(DEALS)
    company.has(HEAD + "D1,2025-02-01,Bela,1,open\nD1,2025-02-01,Anna,1,open\nD1,2025-02-01,Carl,0,open\n")
    count = company.imports().counts[0]
    assert (count.duplicates, count.quarantined) == (1, 2)


def test_a_deal_whose_latest_row_is_open_is_not_won(company: Company) -> None:
    company.maps(DEALS)
    company.has(HEAD + "D1,2025-02-01,Bela,1,won\nD1,2025-02-01,Bela,2,open\nD2,2025-02-01,Bela,2,won\nD2,2025-02-01,Bela,1,open\n")
    assert company.imports().counts[1].duplicates == 1
    assert company.column("deal_id", "outcomes") == ["D2"]


def test_a_deal_whose_latest_row_is_flagged_is_deleted_and_one_whose_older_row_is_flagged_is_not(company: Company) -> None:
    mapping = DEALS.replace("latest: updated\n        columns", "latest: updated\n        deleted: {stage: gone}\n        columns", 1)
    company.week("2026-01-05", mapping, deals=HEAD + "D1,2025-02-01,A,1,open\nD2,2025-02-01,A,1,open\n")
    rows = "D1,2025-02-01,A,1,open\nD1,2025-02-01,A,2,gone\nD2,2025-02-01,A,1,gone\nD2,2025-02-01,A,2,open\n"
    company.week("2026-01-12", mapping, deals=HEAD + rows)
    assert company.column("record_id", "record_events") == ["D1"]
