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
ORDER = "C1,B1,,70,2025-05-22\n"
LINE, ITEM = "C1,B1,,30,2025-05-22\n", "C1,B1,lamp,30,2025-05-22\n"
BOUGHT, REVENUE, URGENT = "purchases.spent_90d", "subscription.arr", "support.urgent_tickets_90d"


EMPTY = {"clients": CLIENTS, "contracts": CONTRACTS, "bills": BILLS, "more": BILLS, "cases": CASES}


def weeks(office: Office, *extracts: dict[str, str]) -> None:
    """Import the rows that the files of one Monday after the other have below their headers."""
    for day, rows in zip(("2025-06-02", "2025-06-09", "2025-06-16"), extracts, strict=False):
        office.takes(day, MAPPING, **(EMPTY | {file: EMPTY[file] + text for file, text in rows.items()}))


@pytest.mark.parametrize(
    ("first", "second", "before", "after"),
    [
        pytest.param(ORDER, "C1,B1,,75,2025-05-22\n", (70, 0), (75, 0), id="amount"),
        pytest.param(ORDER, "C1,B1,,70,2025-05-23\n", (70, 0), (70, 0), id="day"),
        pytest.param(ORDER, "C2,B1,,70,2025-05-22\n", (70, 0), (0, 70), id="account"),
        pytest.param(ORDER + LINE, ORDER + LINE.replace("30", "35"), (100, 0), (105, 0), id="line"),
        pytest.param(ORDER + ITEM, (ORDER + ITEM).replace("70", "60").replace("30", "35"), (100, 0), (95, 0), id="product"),
        pytest.param(ORDER, ORDER + LINE, (70, 0), (100, 0), id="another line"),
        pytest.param(ORDER, "C1,B1,,-70,2025-06-05\n", (70, 0), (0, 0), id="return"),
        pytest.param("C1,,,70,2025-05-22\n", "C1,,,75,2025-05-22\n", (70, 0), (145, 0), id="no id"),
    ],
)
def test_an_order_is_one_order(office: Office, first: str, second: str, before: tuple[int, int], after: tuple[int, int]) -> None:
    weeks(office, {"bills": first}, {"bills": second})
    assert office.accounts("2025-06-09", BOUGHT) == {"C1": (before[0],), "C2": (before[1],)}
    assert office.accounts("2025-06-09T00:00:01", BOUGHT) == {"C1": (after[0],), "C2": (after[1],)}


def test_what_returns_to_an_earlier_content_is_a_correction_too(office: Office) -> None:
    weeks(office, {"bills": ORDER}, {"bills": "C1,B1,,75,2025-05-22\n"}, {"bills": ORDER})
    seen = [office.accounts(day, BOUGHT)["C1"] for day in ("2025-06-03", "2025-06-10", "2025-06-17")]
    assert seen == [(70,), (75,), (70,)]


def test_an_older_extract_that_comes_late_adds_nothing(office: Office) -> None:
    weeks(office, {"bills": ORDER}, {"bills": "C1,B1,,75,2025-05-22\n"})
    for late in (ORDER, "C1,B1,,72,2025-05-22\n"):
        report = office.takes("2025-06-05", MAPPING, **(EMPTY | {"bills": BILLS + late}))
        assert report.counts["accepted"].sum() == 0
    assert office.accounts("2025-06-17", BOUGHT)["C1"] == (75,)


def test_lines_of_an_order_in_two_files_do_not_correct_each_other(office: Office) -> None:
    weeks(office, {"bills": ORDER}, {"bills": ORDER, "more": "C1,B1,,30,2025-05-22\n"})
    assert office.accounts("2025-06-17", BOUGHT)["C1"] == (100,)


def test_a_correction_whose_row_is_refused_corrects_nothing(office: Office) -> None:
    weeks(office, {"bills": ORDER})
    there_is_none = EMPTY | {"bills": BILLS + "C9,B1,,70,2025-05-22\n"}
    assert office.takes("2025-06-09", MAPPING, allow_quarantine=True, **there_is_none).counts["quarantined"].sum() == 1
    assert office.facts("corrected_purchases") == []
    assert office.accounts("2025-06-17", BOUGHT)["C1"] == (70,)


def test_events_of_a_contract_correct_only_what_they_replace(office: Office) -> None:
    renewal = "C1,S1,renewal,120,2025-05-20\n"
    weeks(office, {"contracts": renewal})
    new_only = "client,id,what,worth,day\nC1,S1,renewal,130,2025-06-05\n"
    office.takes("2025-06-09", MAPPING, **(EMPTY | {"contracts": new_only}))
    assert office.facts("corrected_subscriptions") == []
    office.takes("2025-06-16", MAPPING, **(EMPTY | {"contracts": CONTRACTS + renewal + "C1,S1,renewal,150,2025-06-06\n"}))
    assert len(office.facts("corrected_subscriptions")) == 1
    assert [office.accounts(day, REVENUE)["C1"] for day in ("2025-06-16", "2025-06-17")] == [(130,), (150,)]


def test_a_contract_that_moves_leaves_its_account(office: Office) -> None:
    weeks(office, {})
    office.takes("2025-06-09", MAPPING, **(EMPTY | {"contracts": CONTRACTS.replace("C2,S2", "C1,S2")}))
    assert office.accounts("2025-06-09", REVENUE) == {"C1": (100,), "C2": (200,)}
    assert office.accounts("2025-06-10", REVENUE) == {"C1": (300,)}


def test_a_ticket_whose_severity_is_corrected_is_one_ticket(office: Office) -> None:
    weeks(office, {"cases": "C1,T1,opened,4,2025-05-30\n"}, {"cases": "C1,T1,opened,1,2025-05-30\n"})
    assert [office.accounts(day, URGENT)["C1"] for day in ("2025-06-09", "2025-06-10")] == [(1,), (0,)]
