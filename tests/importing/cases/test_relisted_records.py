"""What a CRM lists of a merged record under the surviving one afterwards, and the state and the values that then hold."""

from __future__ import annotations

import pytest

from tests.importing.cases.conftest import Office

ROWS = """
    extracts:
      - file: deals.csv
        into: deals
        deleted: {IsDeleted: "true"}
        merged_into: Master
        columns: {deal_id: id, account_id: account, occurred_at: created, recorded_at: created}
        attributes:
          amount: {column: amount, type: amount}
          owner: owner
          stage: stage
      - file: deals.csv
        into: outcomes
        where: {stage: [Won, Lost]}
        columns: {deal_id: id, outcome: {column: stage, values: {Won: won, Lost: lost}}, occurred_at: closed, recorded_at: closed}
    """
HEADER = "id,account,created,amount,owner,stage,closed,IsDeleted,Master\n"
WATCHED = "economics.amount", "owner.owner"

EVENTS = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id, occurred_at: created, recorded_at: created}
      - file: accounts.csv
        into: accounts
        columns: {account_id: id, occurred_at: created, recorded_at: created}
      - file: calls.csv
        into: activities
        columns: {deal_id: deal, activity: kind, occurred_at: day%s}
      - file: offers.csv
        into: offers
        columns: {deal_id: deal, offer_id: id, event: {constant: sent}, occurred_at: day%s}
      - file: invoices.csv
        into: purchases
        columns: {account_id: account, order_id: id, value: value, occurred_at: day%s}
      - file: merges.csv
        into: record_events
        columns: {record_id: old, into_id: new, kind: kind, event: {constant: merged}, occurred_at: at, recorded_at: at}
    """
RECORDS = {"deals": "id,created\nD1,2026-01-05\nD2,2026-01-07\n", "accounts": "id,created\nA1,2026-01-05\nA2,2026-01-07\n"}


def listed(deal: str, account: str) -> dict[str, str]:
    """Two calls, two offers and two invoices, of which the first of each belongs to the records that are named."""
    return {
        "calls": f"deal,kind,day\n{deal},call,2026-01-20\nD2,call,2026-01-20\n",
        "offers": f"deal,id,day\n{deal},O1,2026-01-20\nD2,O2,2026-01-21\n",
        "invoices": f"account,id,value,day\n{account},I1,70,2026-01-20\nA2,I2,30,2026-01-20\n",
    }


@pytest.mark.parametrize("recorded", ["", ", recorded_at: day"], ids=["dated by the extract", "with both clocks"])
def test_events_listed_under_the_surviving_record_are_the_same_events(office: Office, recorded: str) -> None:
    mapping = EVENTS % (recorded, recorded, recorded)
    office.takes("2026-02-01", mapping, **RECORDS, **listed("D1", "A1"), merges="old,new,kind,at\n")
    merges = "old,new,kind,at\nD1,D2,deal,2026-02-04\nA1,A2,account,2026-02-04\n"
    for week in ("2026-02-08", "2026-02-15"):
        office.takes(week, mapping, **RECORDS, **listed("D2", "A2"), merges=merges)
    assert [len(office.facts(name)) for name in ("activities", "offers", "purchases")] == [2, 2, 2]
    assert office.open_deals("2026-02-16", "activity.activities_all") == {"D2": (2,)}
    assert office.accounts("2026-02-16", "purchases.spent_90d") == {"A2": (100,)}


def test_a_third_call_under_the_surviving_deal_is_one_more(office: Office) -> None:
    office.takes("2026-02-01", EVENTS % ("", "", ""), **RECORDS, **listed("D1", "A1"), merges="old,new,kind,at\n")
    again = listed("D2", "A1")
    again["calls"] += "D2,call,2026-01-20\n"
    office.takes("2026-02-08", EVENTS % ("", "", ""), **RECORDS, **again, merges="old,new,kind,at\nD1,D2,deal,2026-02-04\n")
    assert office.open_deals("2026-02-09", "activity.activities_all") == {"D2": (3,)}


def test_the_surviving_deal_has_the_values_that_the_extract_shows(office: Office) -> None:
    survivor = "M2,A,2026-01-06,60,Bob,Open,,false,\n"
    office.takes("2026-02-01", ROWS, deals=HEADER + "M1,A,2026-01-05,40,Ann,Open,,false,\n" + survivor)
    office.takes("2026-02-08", ROWS, deals=HEADER + "M1,A,2026-01-05,45,Zed,Open,,false,\n" + survivor)
    for week in ("2026-02-15", "2026-02-22"):
        office.takes(week, ROWS, deals=HEADER + "M1,A,2026-01-05,45,Zed,Open,,true,M2\n" + survivor)
    assert office.open_deals("2026-02-10", *WATCHED) == {"M1": (45, "Zed"), "M2": (60, "Bob")}
    assert office.open_deals("2026-02-16", *WATCHED) == office.open_deals("2026-02-23", *WATCHED) == {"M2": (60, "Bob")}


def test_a_row_of_the_merged_deal_that_is_still_listed_says_nothing_of_the_other(office: Office) -> None:
    merges = """
      - file: merges.csv
        into: record_events
        columns: {record_id: old, into_id: new, kind: {constant: deal}, event: {constant: merged}, occurred_at: at, recorded_at: at}
    """
    rows = HEADER + "M1,A,2026-01-05,90,Zed,Open,,,\nM2,A,2026-01-06,60,Bob,Open,,,\n"
    office.takes("2026-02-01", ROWS + merges, deals=rows, merges="old,new,at\nM1,M2,2026-01-20\n")
    assert office.open_deals("2026-02-02", *WATCHED) == {"M2": (60, "Bob")}


@pytest.mark.parametrize("weeks", [["2026-02-08"], ["2026-02-01", "2026-02-08"]], ids=["at once", "known before"])
def test_a_lost_duplicate_closes_no_open_deal(office: Office, weeks: list[str]) -> None:
    lost, won = "M1,A,2026-01-05,10,Ann,Lost,2026-01-20,{0}\n", "W,A,2026-01-01,5,Ann,Won,2026-01-10,false,\n"
    rows = f"{HEADER}{lost}M2,A,2026-01-06,20,Bob,Open,,false,\n{won}"
    for week in weeks[:-1]:
        office.takes(week, ROWS, deals=rows.format("false,"))
    office.takes(weeks[-1], ROWS, deals=rows.format("true,M2"))
    office.takes("2026-02-15", ROWS, deals=rows.format("true,M2"))
    assert office.open_deals("2026-02-09", "economics.amount") == office.open_deals("2026-02-16", "economics.amount") == {"M2": (20,)}
    assert office.metrics("2026-01-01", "2026-02-14")["win_rate"] == 1


def test_of_two_merged_into_a_new_deal_the_open_one_says_its_state(office: Office) -> None:
    rows = HEADER + "M1,A,2026-01-05,10,Ann,Lost,2026-01-20,{0}\nM2,A,2026-01-06,20,Bob,Open,,{0}\n"
    office.takes("2026-02-01", ROWS, deals=rows.format("false,"))
    office.takes("2026-02-08", ROWS, deals=rows.format("true,M3") + "M3,A,2026-02-08,20,Bob,Open,,false,\n")
    assert office.open_deals("2026-02-09", "economics.amount") == {"M3": (20,)}


def test_of_two_closed_deals_merged_into_a_new_one_the_last_outcome_holds(office: Office) -> None:
    rows = HEADER + "M1,A,2026-01-05,10,Ann,Lost,2026-01-20,{0}\nM2,A,2026-01-06,20,Bob,Won,2026-01-22,{0}\n"
    office.takes("2026-02-01", ROWS, deals=rows.format("false,"))
    office.takes("2026-02-08", ROWS, deals=rows.format("true,M3") + "M3,A,2026-01-05,20,Bob,Won,2026-01-22,false,\n")
    assert office.open_deals("2026-02-09") == {}
    assert office.metrics("2026-01-01", "2026-02-09")["win_rate"] == 1


def test_the_surviving_deal_belongs_to_its_own_account(office: Office) -> None:
    absorbed, won = "M1,B,2026-01-09,10,Ann,Open,,{0}\n", "W,A,2026-01-01,5,Ann,Won,2026-01-10,false,\n"
    rows = f"{HEADER}{absorbed}M2,A,2026-01-06,20,Bob,Open,,false,\n{won}"
    office.takes("2026-02-01", ROWS, deals=rows.format("false,"))
    office.takes("2026-02-08", ROWS, deals=rows.format("true,M2"))
    assert office.open_deals("2026-02-02", "history.account_deals_won_1y") == {"M1": (0,), "M2": (1,)}
    assert office.open_deals("2026-02-09", "history.account_deals_won_1y") == {"M2": (1,)}
