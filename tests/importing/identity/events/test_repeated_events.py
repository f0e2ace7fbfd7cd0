"""The same event twice is one event: extracts without a time of recording."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.importing.company_fixtures import Company

CALLS = """
    extracts:
      - file: calls.csv
        into: activities
        columns: {deal_id: deal, activity: kind, occurred_at: day}
    """
ORDERS = """
    extracts:
      - file: orders.csv
        into: purchases
        columns: {account_id: account, order_id: order, value: value, occurred_at: day}
    """
HEAD = "deal,kind,day\n"


def calls(company: Company, at: str, rows: int) -> tuple[int, int]:
    """Import a week with some equal calls; how many were accepted and were duplicates."""
    report = company.week(at, CALLS, calls=HEAD + "D1,call,2026-01-02\n" * rows)
    return report.total("accepted"), report.total("duplicates")


def test_equal_calls_of_a_day_stay_as_many_as_one_extract_has(company: Company) -> None:
    assert calls(company, "2026-01-05", 2) == (2, 0)
    assert calls(company, "2026-01-12", 2) == (0, 2)
    assert calls(company, "2026-01-19", 3) == (1, 2)
    assert calls(company, "2026-01-26", 1) == (0, 1)
    assert sorted(company.column("sequence", "activities"), key=str) == [2, 3, None]
    assert company.days("activities", "deal_id")[-1] == ("D1", "2026-01-02", "2026-01-19")


def two_extracts(mapping: str, file: str, other: str) -> str:
    """A mapping that reads a second file as the first one."""
    return mapping.rstrip() + mapping.replace("    extracts:\n", "").replace(file, other)


@pytest.mark.parametrize("parts", [(1, 1), (2, 0), (0, 2)])
def test_equal_calls_in_two_files_of_an_import_count_as_in_one(parts: tuple[int, int], company: Company) -> None:
    mapping = two_extracts(CALLS, "calls.csv", "more.csv")
    call = "D1,call,2026-01-02\n"
    counts = []
    for at, more in (("2026-01-05", 0), ("2026-01-12", 0), ("2026-01-19", 1)):
        files = {name: HEAD + call * number for name, number in zip(("calls", "more"), (parts[0], parts[1] + more), strict=True)}
        counts.append(company.week(at, mapping, **files).total("accepted"))
    assert counts == [2, 0, 1]
    assert sorted(company.column("sequence", "activities"), key=str) == [2, 3, None]


def test_one_file_that_two_extracts_read_has_each_row_once(company: Company) -> None:
    mapping = two_extracts(CALLS, "calls.csv", "calls.csv")
    assert company.week("2026-01-05", mapping, calls=HEAD + "D1,call,2026-01-02\n" * 2).total("accepted") == 2


def test_an_id_in_two_files_is_one_event(company: Company) -> None:
    mapping = two_extracts(ORDERS, "orders.csv", "more.csv")
    rows = "account,order,value,day\nA,O1,5,2026-01-02\n"
    assert company.week("2026-01-05", mapping, orders=rows, more=rows).total("accepted") == 1
    assert company.week("2026-01-12", mapping, orders=rows, more=rows).total("accepted") == 0


def test_a_row_with_an_id_is_one_event_however_often_it_is_repeated(company: Company) -> None:
    rows = "account,order,value,day\nA,O1,5,2026-01-02\nA,O1,5,2026-01-02\n"
    assert company.week("2026-01-05", ORDERS, orders=rows).total("accepted") == 1
    assert company.week("2026-01-12", ORDERS, orders=rows).total("duplicates") == 2
    assert company.week("2026-01-19", ORDERS, orders=rows + "A,O1,6,2026-01-02\n").total("accepted") == 1


def test_rows_without_an_id_are_counted_beside_rows_with_one(company: Company) -> None:
    rows = "account,order,value,day\nA,,5,2026-01-02\nA,,5,2026-01-02\nA,O1,5,2026-01-02\nA,O1,5,2026-01-02\n"
    assert company.week("2026-01-05", ORDERS, orders=rows).total("accepted") == 3
    assert company.week("2026-01-12", ORDERS, orders=rows).total("accepted") == 0


def test_a_mapped_sequence_tells_rows_apart(company: Company) -> None:
    mapping = CALLS.replace("occurred_at: day", "occurred_at: day, sequence: number")
    rows = "deal,kind,day,number\nD1,call,2026-01-02,1\nD1,call,2026-01-02,1\nD1,call,2026-01-02,2\n"
    assert company.week("2026-01-05", mapping, calls=rows).total("accepted") == 2
    assert company.week("2026-01-12", mapping, calls=rows).total("accepted") == 0


def test_rows_with_both_clocks_are_one_fact_as_ever(company: Company) -> None:
    mapping = CALLS.replace("occurred_at: day", "occurred_at: day, recorded_at: day")
    assert company.week("2026-01-05", mapping, calls=HEAD + "D1,call,2026-01-02\n" * 2).total("accepted") == 1


@pytest.mark.parametrize(
    ("table", "columns", "row"),
    [
        ("milestones", "deal_id: a, milestone: b", "D1,budget_set"),
        ("leads", "lead_id: a, event: b", "L1,created"),
        ("rates", "currency: a, rate: b", "USD,0.9"),
        ("costs", "cost_id: a, value: b, kind: {constant: sales}", "C1,5"),
        ("quotas", "quota_id: a, value: b", "Q1,5"),
        ("outcomes", "deal_id: a, outcome: b", "D1,won"),
        ("accounts", "account_id: a", "A1,x"),
        ("contacts", "contact_id: a, title: b", "P1,Buyer"),
        ("deal_changes", "deal_id: a, field: {constant: owner}, text: b", "D1,Anna"),
        ("assessments", "deal_id: a, kind: {constant: rep}, value: b", "D1,0.5"),
        ("tickets", "account_id: a, ticket_id: b, event: {constant: opened}", "A1,T1"),
    ],
)
def test_every_table_takes_a_weekly_extract_once(company: Company, table: str, columns: str, row: str) -> None:
    mapping = f"""
    extracts:
      - file: x.csv
        into: {table}
        columns: {{{columns}, occurred_at: day}}
    """
    for day in ("05", "12", "19"):
        company.week(f"2026-01-{day}", mapping, x=f"a,b,day\n{row},2026-01-02\n")
    assert [fact["recorded_at"].day for fact in company.facts(table)] == [5]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from(["D1,call", "D2,call", "D1,email"]), max_size=5), min_size=1, max_size=3), st.randoms())
def test_weekly_full_extracts_count_what_the_last_one_counts(
    tmp_path_factory: pytest.TempPathFactory, weeks: list[list[str]], chance: object
) -> None:
    company, rows = Company(Path(tmp_path_factory.mktemp("c"))), []
    for number, added in enumerate(weeks):
        rows = [*rows, *added]
        chance.shuffle(rows)  # type: ignore[attr-defined]
        company.week(f"2026-02-{number + 1:02}", CALLS, calls=HEAD + "".join(f"{row},2026-01-02\n" for row in rows))
    assert Counter(f"{f['deal_id']},{f['activity']}" for f in company.facts("activities")) == Counter(rows)
