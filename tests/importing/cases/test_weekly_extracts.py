"""A full extract every week: events that the last one had are no news."""

from __future__ import annotations

from tests.importing.cases.conftest import Office

MAPPING = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id, account_id: client, occurred_at: made, recorded_at: made}
      - file: deals.csv
        into: outcomes
        where: {stage: [Signed, Dropped]}
        columns: {deal_id: id, outcome: {column: stage, values: {Signed: won, Dropped: lost}}, occurred_at: ended, recorded_at: ended}
      - file: calls.csv
        into: activities
        columns: {deal_id: deal, activity: kind, occurred_at: day}
      - file: bills.csv
        into: purchases
        columns: {account_id: client, order_id: bill, value: net, occurred_at: day}
      - file: deals.csv
        into: accounts
        keep: first
        columns: {account_id: client, occurred_at: made, recorded_at: made}
    """
DEALS = "id,client,made,stage,ended\nE2,C1,2025-05-05,Signed,2025-05-28\nE3,C1,2025-05-05,Talks,\n"
CALLS = "deal,kind,day\nE3,meeting,2025-05-20\nE3,call,2025-05-22\nE3,call,2025-05-22\n"
BILLS = "bill,client,day,net\nB1,C1,2025-05-25,35\n"
WATCHED = "activity.activities_all", "activity.meetings"


def test_an_extract_that_says_nothing_new_adds_nothing(office: Office) -> None:
    for day in ("2025-06-02", "2025-06-09"):
        report = office.takes(day, MAPPING, deals=DEALS, calls=CALLS, bills=BILLS)
    assert (report.counts["accepted"].sum(), report.counts["quarantined"].sum()) == (0, 0)
    assert report.counts["duplicates"].sum() == report.counts["rows_in"].sum() == 9
    assert office.open_deals("2025-06-12", *WATCHED) == {"E3": (3, 1)}
    assert office.accounts("2025-06-12", "purchases.spent_90d") == {"C1": (35,)}


def test_only_what_is_new_is_added(office: Office) -> None:
    office.takes("2025-06-02", MAPPING, deals=DEALS, calls=CALLS, bills=BILLS)
    office.takes(
        "2025-06-09",
        MAPPING,
        deals=DEALS,
        calls=CALLS + "E3,call,2025-05-22\nE3,meeting,2025-06-05\n",
        bills=BILLS + "B2,C1,2025-06-04,20\n",
    )
    assert office.open_deals("2025-06-12", *WATCHED) == {"E3": (5, 2)}
    assert office.accounts("2025-06-12", "purchases.spent_90d") == {"C1": (55,)}
