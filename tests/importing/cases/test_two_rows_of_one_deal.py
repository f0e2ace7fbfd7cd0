"""Two rows of one deal in one extract: neither is mixed with the other."""

from __future__ import annotations

from tests.importing.cases.conftest import Office

MAPPING = """
    extracts:
      - file: deals.csv
        into: deals LATEST
        columns: {deal_id: Number, occurred_at: Created, recorded_at: Created}
        attributes:
          amount: {column: Value, type: amount}
          owner: Owner
      - file: deals.csv
        into: outcomes LATEST
        where: {Stage: Signed}
        columns: {deal_id: Number, outcome: {constant: won}, occurred_at: Ended, recorded_at: Ended}
    """
DEALS = """
    Number,Created,Value,Owner,Updated,Stage,Ended
    Q8,2025-07-01,5200,Ines,2025-07-02,Talks,
    Q8,2025-07-01,4100,Omar,2025-07-19,Talks,
    Q9,2025-06-02,300,Ines,2025-07-10,Signed,2025-07-10
    """
WATCHED = "economics.amount", "owner.owner", "economics.amount_changes", "owner.owner_handovers"


def test_rows_that_differ_are_quarantined_and_name_each_other(office: Office) -> None:
    report = office.takes("2025-08-01", MAPPING.replace(" LATEST", ""), deals=DEALS)
    assert report.quarantined_kinds == {"contradiction": 2}
    assert "differs from row 3, which is of the same record" in report.quarantine["reason"].iloc[0]
    assert office.open_deals("2025-08-04", *WATCHED) == {}


def test_the_latest_row_is_taken_whole_where_the_mapping_says_which_that_is(office: Office) -> None:
    report = office.takes("2025-08-01", MAPPING.replace(" LATEST", "\n        latest: Updated"), deals=DEALS)
    assert (report.quarantined_kinds, report.counts["duplicates"].sum()) == ({}, 1)
    assert office.open_deals("2025-08-04", *WATCHED) == {"Q8": (4100, "Omar", 0, 0)}
