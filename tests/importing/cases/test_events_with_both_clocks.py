"""Events with an id and both clocks that a later extract shows differently: one event, as it was known at each moment."""

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
        columns: {account_id: client, subscription_id: id, event: what, arr: worth, occurred_at: day, recorded_at: written}
      - file: bills.csv
        into: purchases
        columns: {account_id: client, order_id: bill, value: net, occurred_at: day, recorded_at: written}
      - file: merged.csv
        into: record_events
        columns: {record_id: old, into_id: new, kind: {constant: account}, event: {constant: merged}, occurred_at: day, recorded_at: day}
    """
CLIENTS = "id,made\nC1,2025-05-05\nC2,2025-05-05\n"
CONTRACTS = "client,id,what,worth,day,written\nC1,S1,start,100,2025-05-05,2025-05-05\nC2,S2,start,200,2025-05-05,2025-05-05\n"
BILLS = "client,bill,net,day,written\n"
ORDER = "C1,B1,70,2025-05-22,2025-05-22\n"
WRITTEN_OVER = "C1,B1,75,2025-05-22,2025-05-22\n"
CHANGED = "C1,B1,75,2025-05-22,2025-06-05\n"
OTHER = "C1,B2,7,2025-05-22,2025-05-22\n"
TWO_LINES = ORDER + ORDER.replace("70", "30")
BOUGHT, REVENUE = "purchases.spent_90d", "subscription.arr"
MONDAYS = ("2025-06-02", "2025-06-09", "2025-06-16", "2025-06-23")


def bills(office: Office, at: str, rows: str, merged: str = "") -> int:
    """Import an extract of bills; how many facts it added."""
    merges = "old,new,day\n" + merged
    report = office.takes(at, MAPPING, clients=CLIENTS, contracts=CONTRACTS, bills=BILLS + rows, merged=merges)
    return int(report.counts.set_index("into").loc["purchases", "accepted"])


def bought(office: Office, *moments: str, client: str = "C1") -> list[float]:
    """What a client had bought as of moments."""
    return [office.accounts(moment, BOUGHT)[client][0] for moment in moments]


@pytest.mark.parametrize(
    ("second", "known", "before", "after"),
    [
        pytest.param(WRITTEN_OVER, "2025-06-09", (70, 0), (75, 0), id="written over"),
        pytest.param(CHANGED, "2025-06-05", (70, 0), (75, 0), id="with a time of its own"),
        pytest.param(ORDER.replace("22", "23"), "2025-06-09", (70, 0), (70, 0), id="day"),
        pytest.param(ORDER.replace("C1", "C2"), "2025-06-09", (70, 0), (0, 70), id="account"),
    ],
)
def test_a_correction_holds_from_its_recording_on(
    office: Office, second: str, known: str, before: tuple[int, int], after: tuple[int, int]
) -> None:
    assert [bills(office, at, rows + OTHER) for at, rows in zip(MONDAYS, (ORDER, second, second), strict=False)] == [2, 1, 0]
    assert len(office.facts("corrected_purchases")) == 1
    for client, old, new in zip(("C1", "C2"), before, after, strict=True):
        other = 7 if client == "C1" else 0
        assert bought(office, known, f"{known}T00:00:01", client=client) == [old + other, new + other]


def test_a_value_that_is_written_back_counts_again(office: Office) -> None:
    rows = (ORDER, WRITTEN_OVER, ORDER, ORDER)
    assert [bills(office, at, text) for at, text in zip(MONDAYS, rows, strict=True)] == [1, 1, 1, 0]
    assert bought(office, "2025-06-03", "2025-06-10", "2025-06-17", "2025-06-24") == [70, 75, 70, 70]


def test_what_is_written_back_under_a_merged_client_counts_again(office: Office) -> None:
    bills(office, MONDAYS[0], ORDER)
    for at, rows in zip(MONDAYS[1:], (WRITTEN_OVER, ORDER, ORDER), strict=True):
        bills(office, at, rows.replace("C1", "C2"), merged="C1,C2,2025-06-04\n")
    assert bought(office, "2025-06-05", "2025-06-10", "2025-06-17", client="C2") == [70, 75, 70]


@pytest.mark.parametrize("late", [ORDER, "C1,B1,72,2025-05-22,2025-05-23\n"])
@pytest.mark.parametrize("correction", [WRITTEN_OVER, CHANGED])
def test_an_older_extract_that_comes_late_adds_nothing(office: Office, late: str, correction: str) -> None:
    bills(office, MONDAYS[0], ORDER)
    bills(office, MONDAYS[1], correction)
    assert bills(office, "2025-06-06", late) == 0
    assert bought(office, "2025-06-03", "2025-06-17") == [70, 75]


def test_a_row_that_is_dated_anew_is_the_same_event(office: Office) -> None:
    again, second = ORDER.replace("22\n", "29\n"), ORDER.replace("22\n", "30\n")
    assert [bills(office, at, text) for at, text in zip(MONDAYS, (ORDER, again, ORDER + second), strict=False)] == [1, 0, 1]
    assert bought(office, "2025-05-23", "2025-06-17") == [70, 140]


@pytest.mark.parametrize(
    ("second", "after"),
    [
        pytest.param(TWO_LINES.replace("70", "75").replace("30", "35"), 110, id="both lines"),
        pytest.param(TWO_LINES + CHANGED, 175, id="another line"),
        pytest.param(TWO_LINES.replace("30", "35") + "C1,B1,8,2025-05-23,2025-06-05\n", 113, id="one line, and another one"),
        pytest.param(CHANGED, 175, id="fewer lines than before"),
    ],
)
def test_lines_of_an_order_that_change_at_once_replace_those_before(office: Office, second: str, after: float) -> None:
    bills(office, MONDAYS[0], TWO_LINES)
    bills(office, MONDAYS[1], second)
    assert bought(office, "2025-06-03", "2025-06-10") == [100, after]


@pytest.mark.parametrize("late", ["", "C2,S2,expansion,210,2025-05-06,2025-06-07\n"])
def test_an_extract_that_begins_later_corrects_nothing_before_it(office: Office, late: str) -> None:
    shown = "C1,S1,contraction,90,2025-05-20,2025-05-20\n"
    events = "C1,S1,expansion,110,2025-05-12,2025-05-12\n" + shown
    later = shown + "C1,S1,expansion,130,2025-06-05,2025-06-05\n" + late
    for at, rows in zip(MONDAYS, (CONTRACTS + events, CONTRACTS[: CONTRACTS.index("\n") + 1] + later), strict=False):
        office.takes(at, MAPPING, clients=CLIENTS, contracts=rows, bills=BILLS, merged="old,new,day\n")
    assert office.facts("corrected_subscriptions") == []
    assert office.accounts("2025-06-10", REVENUE)["C1"] == (130,)
