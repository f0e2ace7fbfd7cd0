"""Rows of two files of one import that cannot both be right are refused in both, as two rows of one file are."""

from __future__ import annotations

import pytest

from dealml.errors import InputError
from tests.importing.company_fixtures import Company

DEALS = "{deal_id: id, account_id: client, occurred_at: made, recorded_at: made}"
CHANGES = "{deal_id: id, occurred_at: at, recorded_at: at}"
OUTCOMES = "{deal_id: id, outcome: {column: result}, occurred_at: at, recorded_at: at}"
RATES = "{currency: code, rate: {column: rate}, occurred_at: at, recorded_at: at}"
OWNER = "\n        attributes: {owner: owner}"
STAGE = "\n        attributes: {stage: {column: stage, order: [Talks, Offer]}}"


def two_files(extract: str, files: tuple[str, str] = ("one", "two")) -> str:
    return "\n    extracts:" + "".join(f"\n      - file: {file}.csv\n        {extract}" for file in files) + "\n"


def refused(company: Company, into: str, columns: str, head: str, first: str, second: str) -> list[str]:
    """Import two files into one table, in both orders; the reasons of the refused rows of the first order."""
    reasons = []
    for files in (("one", "two"), ("two", "one")):
        rows = {"one": f"{head}\n{first}\n", "two": f"{head}\n{second}\n"}
        mapping = two_files(f"into: {into}\n        columns: {columns}", files)
        report = company.week("2026-02-01", mapping, allow_quarantine=True, **rows)
        reasons.append(sorted(f"{row['file']}:{row['row']}: {row['value']}: {row['kind']}: {row['reason']}" for row in report.quarantine))
    assert reasons[0] == reasons[1]
    return reasons[0]


def reason(what: str, record: str, row: int, other_row: int) -> list[str]:
    text = "{}: {}: contradiction: gives another {} than row {} of {} for the same moment, and no sequence tells which is the later"
    return [
        text.format(f"one.csv:{row}", record, what, other_row, "two.csv"),
        text.format(f"two.csv:{other_row}", record, what, row, "one.csv"),
    ]


@pytest.mark.parametrize(
    ("into", "columns", "head", "first", "second", "what", "record"),
    [
        ("deal_changes", CHANGES + OWNER, "id,at,owner", "D1,2026-01-02,Ann", "D1,2026-01-02,Bob", "value", "D1"),
        ("deals", DEALS + OWNER, "id,client,made,owner", "D1,A,2026-01-02,Ann", "D1,A,2026-01-02,Bob", "value", "D1"),
        ("deals", DEALS, "id,client,made", "D1,A,2026-01-02", "D1,B,2026-01-02", "account", "D1"),
        ("outcomes", OUTCOMES, "id,result,at", "D1,won,2026-01-02", "D1,lost,2026-01-02", "outcome", "D1"),
        ("rates", RATES, "code,rate,at", "USD,0.9,2026-01-02", "USD,0.8,2026-01-02", "rate", "USD"),
    ],
)
def test_what_differs_at_one_moment_is_refused_in_both_files(
    company: Company, into: str, columns: str, head: str, first: str, second: str, what: str, record: str
) -> None:
    assert refused(company, into, columns, head, first, second) == reason(what, record, 2, 2)
    assert company.facts(into) == []


@pytest.mark.parametrize(
    ("into", "columns", "head", "first", "second"),
    [
        ("deal_changes", CHANGES + OWNER, "id,at,owner", "D1,2026-01-02,Ann", "D1,2026-01-02,Ann"),
        ("deal_changes", CHANGES + OWNER, "id,at,owner", "D1,2026-01-02,Ann", "D1,2026-01-03,Bob"),
        ("deal_changes", CHANGES + STAGE, "id,at,stage", "D1,2026-01-02,Talks", "D1,2026-01-02,Offer"),
        ("deals", DEALS + OWNER, "id,client,made,owner", "D1,A,2026-01-02,Ann", "D1,,2026-01-02,"),
        ("outcomes", OUTCOMES, "id,result,at", "D1,won,2026-01-02", "D2,lost,2026-01-02"),
    ],
)
def test_what_agrees_or_stands_in_an_order_is_not(company: Company, into: str, columns: str, head: str, first: str, second: str) -> None:
    assert refused(company, into, columns, head, first, second) == []


def test_the_rest_of_both_files_goes_in_and_a_superseded_row_contradicts_nobody(company: Company) -> None:
    mapping = two_files("into: deals\n        latest: edited\n        columns: " + DEALS)
    head = "id,client,made,edited\n"
    company.week(
        "2026-02-01",
        mapping,
        one=head + "D1,A,2026-01-02,1\nD1,B,2026-01-02,2\nD2,A,2026-01-02,1\nD3,A,2026-01-02,1\n",
        two=head + "D1,B,2026-01-02,1\nD2,B,2026-01-02,1\nD4,A,2026-01-02,1\n",
        allow_quarantine=True,
    )
    assert company.days("deals", "deal_id", "account_id") == [
        ("D1", "B", "2026-01-02", "2026-01-02"),
        ("D3", "A", "2026-01-02", "2026-01-02"),
        ("D4", "A", "2026-01-02", "2026-01-02"),
    ]


def test_where_every_row_is_one_nothing_goes_in(company: Company) -> None:
    mapping = two_files("into: rates\n        columns: " + RATES)
    with pytest.raises(InputError, match=r"^rates: 2 of 2 rows would be quarantined \(2 × contradiction in code\)"):
        company.week("2026-02-01", mapping, one="code,rate,at\nUSD,0.9,2026-01-02\n", two="code,rate,at\nUSD,0.8,2026-01-02\n")
