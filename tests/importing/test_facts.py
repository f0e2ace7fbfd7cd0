"""From rows to facts: what is selected, which clocks hold, what is quarantined and why."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from dealml.errors import InputError
from dealml.importing.import_settings import ImportSettings
from tests.importing.company_fixtures import DEALS, Company

EXTRACTED = datetime(2026, 1, 5, tzinfo=UTC)
CREATED = datetime(2025, 3, 1, tzinfo=UTC)
ATTRIBUTES = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id, occurred_at: created, recorded_at: entered}
        attributes:
          industry: {column: industry, known: created}
          region: region
          approved_on: {column: approved, type: moment, known: {column: approved}}
          final: {column: final, type: amount, known: never}
    """
HEADER = "id,created,entered,industry,region,approved,final\n"


def changes(company: Company) -> dict[str, tuple[Any, ...]]:
    """Of each attribute its value and clocks."""
    return {
        c["field"]: (c["text"] or c["number"] or c["amount"] or c["moment"], c["occurred_at"], c["recorded_at"])
        for c in company.facts("deal_changes")
    }


def test_known_says_when_an_attribute_is_recorded(company: Company) -> None:
    company.maps(ATTRIBUTES)
    company.has(HEADER + "d1,2025-03-01,2025-03-02,Retail,North,2025-07-01,100\n")
    company.imports()
    entered, approved = datetime(2025, 3, 2, tzinfo=UTC), datetime(2025, 7, 1, tzinfo=UTC)
    assert changes(company) == {
        "industry": ("Retail", CREATED, entered),
        "region": ("North", EXTRACTED, EXTRACTED),
        "approved_on": (approved, approved, approved),
    }


def test_what_is_never_known_is_not_in_the_ledger_s_bytes(company: Company) -> None:
    company.maps(ATTRIBUTES)
    company.has(HEADER + "d1,2025-03-01,2025-03-02,Retail,North,2025-07-01,987654321\n")
    company.imports()
    files = [path.read_bytes() for path in company.ledger.folder.rglob("*") if path.is_file()]
    assert not any(b"987654321" in content or b"final" in content for content in files)


def test_an_empty_cell_or_an_empty_clock_makes_no_change(company: Company) -> None:
    company.maps(ATTRIBUTES)
    company.has(HEADER + "d1,2025-03-01,2025-03-02,,North,,\n")
    company.imports()
    assert list(changes(company)) == ["region"]


def test_without_recorded_at_facts_are_known_from_the_extract_on(company: Company) -> None:
    company.maps(DEALS.replace(", recorded_at: created", ""))
    company.has("id,account,created\nd1,a1,2025-03-01\n")
    company.imports()
    assert (company.column("occurred_at"), company.column("recorded_at")) == ([CREATED], [EXTRACTED])


def test_an_order_numbers_a_stage_and_others_have_no_number(company: Company) -> None:
    company.maps("""
        extracts:
          - file: h.csv
            into: deal_changes
            columns: {deal_id: id, occurred_at: at, recorded_at: at, sequence: n}
            attributes:
              stage: {column: stage, order: [Discovery, Proposal]}
              amount: {column: amount, type: amount}
        """)
    company.has("id,at,n,stage,amount\nd1,2025-03-01,1,Discovery,\nd1,2025-03-01,2,Proposal,99.50\nd1,2025-03-01,3,Other,\n", "h.csv")
    company.imports(settings=ImportSettings(actions={"unlisted_stage": "count"}))
    stages = sorted((c["sequence"], c["text"], c["number"]) for c in company.facts("deal_changes") if c["field"] == "stage")
    assert stages == [(1, "Discovery", 1.0), (2, "Proposal", 2.0), (3, "Other", None)]
    amounts = sorted((c["sequence"], c["amount"]) for c in company.facts("deal_changes") if c["field"] == "amount")
    assert amounts == [(2, Decimal("99.5"))]  # a row of several attributes fills what changed


@pytest.mark.parametrize(
    ("attributes", "amounts"),
    [
        ("stage: stage, amount: {column: amount, type: amount}}", [(2, Decimal("99.5"))]),
        ("stage: stage, amount: {column: amount, type: amount}}, empty: cleared", [(1, None), (2, Decimal("99.5")), (3, None)]),
        ("amount: {column: amount, type: amount}}", [(1, None), (2, Decimal("99.5")), (3, None)]),
        ("amount: {column: amount, type: amount}}, empty: unchanged", [(2, Decimal("99.5"))]),
    ],
)
def test_an_empty_cell_of_a_history_clears_where_the_row_is_about_it(company: Company, attributes: str, amounts: list[Any]) -> None:
    clocks = "columns: {deal_id: id, occurred_at: at, recorded_at: at, sequence: n}"
    company.maps(f"extracts: [{{file: h.csv, into: deal_changes, {clocks}, attributes: {{{attributes}}}]\n")
    company.has("id,at,n,stage,amount\nd1,2025-03-01,1,Discovery,\nd1,2025-03-01,2,Proposal,99.50\nd1,2025-03-01,3,Other,\n", "h.csv")
    company.imports()
    assert sorted((c["sequence"], c["amount"]) for c in company.facts("deal_changes") if c["field"] == "amount") == amounts


def test_what_an_empty_cell_says_is_a_matter_of_histories(company: Company) -> None:
    company.maps(DEALS.rstrip() + "\n        empty: cleared\n")
    with pytest.raises(InputError, match=r"'empty' goes with the attributes of deal_changes"):
        company.imports()


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        ("{type: New}", ["d1"]),
        ("{type: [New, Old]}", ["d1", "d2"]),
        ("{type: {starts_with: N}}", ["d1", "d3"]),
        ("{type: {not: [New]}}", ["d2", "d3", "d4"]),
        ("{type: {empty: true}}", ["d4"]),
        ("{type: {empty: false}}", ["d1", "d2", "d3"]),
        ("{type: {starts_with: N}, id: {not: [d3]}}", ["d1"]),
    ],
)
def test_where_selects_and_the_rest_is_counted(company: Company, where: str, kept: list[str]) -> None:
    company.maps(DEALS.replace("into: deals", f"into: deals\n        where: {where}"))
    company.has("id,account,created,type\nd1,a,2025-01-01,New\nd2,a,2025-01-01,Old\nd3,a,2025-01-01,NA\nd4,a,2025-01-01, \n")
    count = company.imports().counts[0]
    assert sorted(company.column("deal_id")) == kept
    assert (count.rows_in, count.not_selected) == (len(kept), 4 - len(kept))


@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        ("d1,a1,soon", "created", "soon", "expected a time such as 2026-01-31 or 2026-01-31T09:30:00Z"),
        (",a1,2025-01-01", "id", None, "is empty; a value is needed"),
        ("d1,a1", None, None, "2 cells where the header has 3"),
        ("d1,a\x96,2025-01-01", "account", "a\x96", "control characters: is the encoding right?"),
    ],
)
def test_a_row_that_cannot_be_understood_is_quarantined(company: Company, row: str, column: str, value: str, reason: str) -> None:
    company.has(f"id,account,created\nd0,a0,2025-01-01\n{row}\n")
    report = company.imports()
    assert [row.pop("kind") for row in report.quarantine]
    assert report.quarantine == [{"file": "deals.csv", "into": "deals", "row": 3, "column": column, "value": value, "reason": reason}]
    assert company.column("deal_id") == ["d0"]
    assert (report.total("rows_in"), report.total("accepted"), report.total("quarantined")) == (2, 1, 1)


def test_a_row_of_the_wrong_length_is_quarantined_whatever_where_asks_for(company: Company) -> None:
    company.maps(DEALS.replace("into: deals", "into: deals\n        where: {account: a1}"))
    company.has("id,account,created\nd1,a1,2025-01-01\nd2,a1\nd3,a2,2025-01-01\n")
    count = company.imports().counts[0]
    assert (count.rows_in, count.accepted, count.quarantined, count.not_selected) == (2, 1, 1, 1)


def test_the_wrong_encoding_shows_in_the_quarantine(company: Company) -> None:
    company.maps(DEALS, "dealml: 1\ncsv: {encoding: iso-8859-2}\n")
    company.has("id,account,created\nd1,Zażółć – sp. z o.o.,2025-01-01\n", encoding="cp1250")
    assert company.imports().quarantine[0]["reason"] == "control characters: is the encoding right?"


def test_a_bad_attribute_quarantines_the_whole_row(company: Company) -> None:
    company.maps(ATTRIBUTES)
    company.has(HEADER + "d1,2025-03-01,2025-03-02,Retail,North,not yet,\n")
    assert company.imports().total("quarantined") == 1
    assert company.ledger.tables == []


def test_values_times_values(company: Company) -> None:
    company.maps("""
        extracts:
          - file: lines.csv
            into: purchases
            where: {who: {empty: false}}
            columns: {account_id: who, quantity: n, value: {column: price, times: n}, occurred_at: at, recorded_at: at}
        """)
    company.has(
        "who,n,price,at\n,1,5,2025-01-01\na1,-3,0.85,2025-01-01\na1,2,,2025-01-02\na1,x,1,2025-01-03\na1,1,0.123456,2025-01-04\n",
        "lines.csv",
    )
    report = company.imports()
    values = {fact["quantity"]: fact["value"] for fact in company.facts("purchases")}
    assert values == {-3.0: Decimal("-2.5500"), 2.0: None, 1.0: Decimal("0.1235")}
    assert [(q["row"], q["column"]) for q in report.quarantine] == [(5, "n")]


def test_a_source_without_any_of_the_files(company: Company) -> None:
    with pytest.raises(InputError, match=r"holds none of the files that .* names, such as deals\.csv"):
        company.imports()
