"""Deals that the CRM merged are one deal from then on, with the history of both."""

from __future__ import annotations

from tests.importing.cases.conftest import Office

MAPPING = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id, occurred_at: created, recorded_at: created}
        attributes:
          amount: {column: amount, type: amount}
      - file: calls.csv
        into: activities
        columns: {deal_id: deal, activity: kind, occurred_at: day, recorded_at: day}
      - file: merges.csv
        into: record_events
        columns: {record_id: old, into_id: new, kind: {constant: deal}, event: {constant: merged}, occurred_at: at, recorded_at: at}
    """
DEALS = """
    id,created,amount
    M1,2025-02-03,40
    M2,2025-02-10,60
    M3,2025-03-20,75
    """
CALLS = """
    deal,kind,day
    M1,meeting,2025-02-12
    M2,meeting,2025-02-13
    M2,call,2025-02-14
    M3,call,2025-03-25
    """
WATCHED = "economics.amount", "activity.activities_all", "activity.meetings"


def test_merging_into_a_new_id_leaves_one_deal_with_both_histories(office: Office) -> None:
    """The new id is made by the merge, as HubSpot does it: the deal is as old as the older of the two."""
    office.takes("2025-04-01", MAPPING, deals=DEALS, calls=CALLS, merges="old,new,at\nM1,M3,2025-03-20\nM2,M3,2025-03-20\n")
    assert office.open_deals("2025-03-19", "activity.activities_all") == {"M1": (1,), "M2": (2,)}
    assert office.open_deals("2025-04-02", *WATCHED, "timing.age") == {"M3": (75, 4, 2, 58)}


def test_merges_in_a_chain_end_at_the_last(office: Office) -> None:
    office.takes("2025-04-01", MAPPING, deals=DEALS, calls=CALLS, merges="old,new,at\nM1,M2,2025-03-01\nM2,M3,2025-03-22\n")
    assert office.open_deals("2025-03-10", "activity.activities_all") == {"M2": (3,)}
    assert office.open_deals("2025-04-02", *WATCHED) == {"M3": (75, 4, 2)}
