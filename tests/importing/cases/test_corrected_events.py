"""Events with an id that a later extract shows differently, without `recorded_at`: one event, with its new values from then on."""

from __future__ import annotations

import pytest

from tests.importing.cases.conftest import Office

MAPPING = """
    extracts:
      - file: clients.csv
        into: accounts
        columns: {account_id: id, occurred_at: made, recorded_at: made}
      - file: contracts.csv
        into: subscriptions
        columns: {account_id: client, subscription_id: id, event: what, arr: worth, occurred_at: day}
      - file: bills.csv
        into: purchases
        columns: {account_id: client, order_id: bill, product: item, value: net, occurred_at: day}
      - file: more.csv
        into: purchases
        columns: {account_id: client, order_id: bill, product: item, value: net, occurred_at: day}
      - file: cases.csv
        into: tickets
        columns: {account_id: client, ticket_id: id, event: what, severity: level, occurred_at: day}
    """
CLIENTS = "id,made\nC1,2025-05-05\nC2,2025-05-05\n"
CONTRACTS = "client,id,what,worth,day\nC1,S1,start,100,2025-05-05\nC2,S2,start,200,2025-05-05\n"
BILLS = "client,bill,item,net,day\n"
CASES = "client,id,what,level,day\n"
BOUGHT, REVENUE, URGENT = "purchases.spent_90d", "subscription.arr", "support.urgent_tickets_90d"


def weeks(office: Office, *bills: str, **more: str) -> None:
    """Import the bills of one Monday after the other."""
    for day, rows in zip(("2025-06-02", "2025-06-09", "2025-06-16"), bills, strict=False):
        files = {"clients": CLIENTS, "contracts": CONTRACTS, "more": BILLS, "cases": CASES} | more
        office.takes(day, MAPPING, **(files | {"bills": BILLS + rows}))


@pytest.mark.parametrize(
    ("first", "second", "before", "after"),
    [
        pytest.param("C1,B1,,70,2025-05-22\n", "C1,B1,,75,2025-05-22\n", (70, 0), (75, 0), id="amount"),
        pytest.param("C1,B1,,70,2025-05-22\n", "C1,B1,,70,2025-05-23\n", (70, 0), (70, 0), id="day"),
        pytest.param("C1,B1,,70,2025-05-22\n", "C2,B1,,70,2025-05-22\n", (70, 0), (0, 70), id="account"),
        pytest.param("C1,B1,,70,2025-05-22\nC1,B1,,30,2025-05-22\n", "C1,B1,,70,2025-05-22\nC1,B1,,35,2025-05-22\n", (100, 0), (105, 0), id="line"),
        pytest.param("C1,B1,a,70,2025-05-22\nC1,B1,b,30,2025-05-22\n", "C1,B1,a,60,2025-05-22\nC1,B1,b,35,2025-05-22\n", (100, 0), (95, 0), id="each"),
        pytest.param("C1,B1,,70,2025-05-22\n", "C1,B1,,70,2025-05-22\nC1,B1,,30,2025-05-22\n", (70, 0), (100, 0), id="another line"),
        pytest.param("C1,B1,a,70,2025-05-22\n", "C1,B1,a,-70,2025-06-05\n", (70, 0), (0, 0), id="return"),
        pytest.param("C1,,,70,2025-05-22\n", "C1,,,75,2025-05-22\n", (70, 0), (145, 0), id="no id"),
    ],
)
def test_an_order_is_one_order(office: Office, first: str, second: str, before: tuple[int, int], after: tuple[int, int]) -> None:
    weeks(office, first, second)
    assert office.accounts("2025-06-09", BOUGHT) == {"C1": (before[0],), "C2": (before[1],)}
    assert office.accounts("2025-06-09T00:00:01", BOUGHT) == {"C1": (after[0],), "C2": (after[1],)}


def test_what_returns_to_an_earlier_content_is_a_correction_too(office: Office) -> None:
    weeks(office, "C1,B1,,70,2025-05-22\n", "C1,B1,,75,2025-05-22\n", "C1,B1,,70,2025-05-22\n")
    seen = [office.accounts(day, BOUGHT)["C1"] for day in ("2025-06-03", "2025-06-10", "2025-06-17")]
    assert seen == [(70,), (75,), (70,)]


def test_an_older_extract_that_comes_late_adds_nothing(office: Office) -> None:
    weeks(office, "C1,B1,,70,2025-05-22\n", "C1,B1,,75,2025-05-22\n")
    files = {"clients": CLIENTS, "contracts": CONTRACTS, "more": BILLS, "cases": CASES}
    report = office.takes("2025-06-05", MAPPING, **files, bills=BILLS + "C1,B1,,72,2025-05-22\n")
    assert report.counts["accepted"].sum() == 0
    assert office.accounts("2025-06-17", BOUGHT)["C1"] == (75,)


def test_lines_of_an_order_in_two_files_do_not_correct_each_other(office: Office) -> None:
    weeks(office, "C1,B1,,70,2025-05-22\n")
    weeks(office, "", "C1,B1,,70,2025-05-22\n", more=BILLS + "C1,B1,,30,2025-05-22\n")
    assert office.accounts("2025-06-17", BOUGHT)["C1"] == (100,)


def test_events_of_a_contract_correct_only_what_they_replace(office: Office) -> None:
    start, renewal = "C1,S1,start,100,2025-05-05\n", "C1,S1,renewal,120,2025-05-20\n"
    head = "client,id,what,worth,day\n"
    files = {"clients": CLIENTS, "bills": BILLS, "more": BILLS, "cases": CASES}
    office.takes("2025-06-02", MAPPING, **files, contracts=head + start + renewal)
    office.takes("2025-06-09", MAPPING, **files, contracts=head + "C1,S1,renewal,130,2025-06-05\n")  # what is new only
    assert len(office.facts("subscriptions")) == 3
    assert office.facts("corrected_subscriptions") == []
    office.takes("2025-06-16", MAPPING, **files, contracts=head + start + renewal + "C1,S1,renewal,150,2025-06-06\n")
    assert len(office.facts("corrected_subscriptions")) == 1
    assert [office.accounts(day, REVENUE)["C1"] for day in ("2025-06-16", "2025-06-17")] == [(130,), (150,)]


def test_a_contract_that_moves_leaves_its_account(office: Office) -> None:
    weeks(office, "")
    moved = CONTRACTS.replace("C2,S2", "C1,S2")
    weeks(office, "", "", contracts=moved)
    assert office.accounts("2025-06-09", REVENUE) == {"C1": (100,), "C2": (200,)}
    assert office.accounts("2025-06-10", REVENUE) == {"C1": (300,)}


def test_a_ticket_whose_severity_is_corrected_is_one_ticket(office: Office) -> None:
    weeks(office, "", cases=CASES + "C1,T1,opened,4,2025-05-30\n")
    weeks(office, "", "", cases=CASES + "C1,T1,opened,1,2025-05-30\n")
    assert [office.accounts(day, URGENT)["C1"] for day in ("2025-06-09", "2025-06-10")] == [(1,), (0,)]
