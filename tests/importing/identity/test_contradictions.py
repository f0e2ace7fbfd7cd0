"""Rows of one extract that cannot all be right go to the quarantine together."""

from __future__ import annotations

from tests.importing.company_fixtures import Company

DEALS = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id, occurred_at: created, recorded_at: created}
        attributes:
          amount: {column: value, type: amount}
          owner: owner
      - file: deals.csv
        into: outcomes
        where: {stage: [won, lost]}
        columns: {deal_id: id, outcome: stage, occurred_at: closed, recorded_at: closed}
    """
HISTORY = """
    extracts:
      - file: history.csv
        into: deal_changes
        columns: {deal_id: id, occurred_at: at, recorded_at: at}
        attributes:
          stage: {column: stage, order: [Zero, Alpha]}
          owner: owner
    """
OUTCOMES = """
    extracts:
      - file: closed.csv
        into: outcomes
        columns: {deal_id: id, outcome: outcome, occurred_at: at, recorded_at: at}
    """
HEAD = "id,created,value,owner,stage,closed\n"


def refused(company: Company) -> list[tuple[int, str]]:
    """The lines and reasons of the last import's quarantine."""
    return [(int(str(row["row"])), str(row["reason"])) for row in company.imports().quarantine]


def test_two_rows_of_one_deal_that_differ_are_both_refused(company: Company) -> None:
    company.maps(DEALS)
    company.has(HEAD + "D1,2025-02-01,680,Anna,open,\nD1,2025-02-01,590,Bela,open,\nD2,2025-01-02,7,Anna,won,2025-02-10\n")
    reason = "differs from row {}, which is of the same record; 'latest: COLUMN' would say which is the later"
    assert refused(company) == [(2, reason.format(3)), (3, reason.format(2))]
    assert company.column("deal_id") == ["D2"]
    assert {fact["deal_id"] for fact in company.facts("deal_changes")} == {"D2"}
    assert company.imports().counts[0].quarantined == 2


def test_two_rows_of_one_deal_that_agree_in_what_is_mapped_are_one(company: Company) -> None:
    company.maps(DEALS)
    company.has(HEAD + "D1,2025-02-01,680,Anna,open,\nD1,2025-02-01,680,Anna,other,\n")
    report = company.imports()
    assert (report.counts[0].accepted, report.counts[0].duplicates, report.total("quarantined")) == (1, 1, 0)


def test_a_third_row_names_one_that_differs(company: Company) -> None:
    company.maps(DEALS)
    company.has(HEAD + "D1,2025-02-01,1,A,open,\nD1,2025-02-01,1,A,open,\nD1,2025-02-01,2,A,open,\n")
    assert [(row, reason.split(",")[0]) for row, reason in refused(company)] == [
        (2, "differs from row 4"),
        (3, "differs from row 4"),
        (4, "differs from row 2"),
    ]


def test_two_outcomes_of_one_deal_in_a_file_of_deals_are_both_refused(company: Company) -> None:
    company.maps(DEALS)
    company.has(HEAD + "D1,2025-02-01,1,A,won,2025-03-01\nD1,2025-02-01,1,A,lost,2025-03-02\n")
    assert sorted(row["into"] for row in company.imports().quarantine) == ["deals", "deals", "outcomes", "outcomes"]
    assert company.facts("outcomes") == company.facts("deals") == []


def test_two_values_of_one_second_are_refused_unless_an_order_tells_them_apart(company: Company) -> None:
    company.maps(HISTORY)
    company.has("id,stage,owner,at\nD1,Zero,A,2025-01-06T09:00:00Z\nD1,Alpha,A,2025-01-06T09:00:00Z\n", "history.csv")
    assert refused(company) == []
    assert sorted(f["text"] for f in company.facts("deal_changes")) == ["A", "Alpha", "Zero"]
    company.has("id,stage,owner,at\nD1,Zero,A,2025-01-07T09:00:00Z\nD1,Zero,B,2025-01-07T09:00:00Z\n", "history.csv")
    reason = "gives another value than row {} for the same moment, and no sequence tells which is the later"
    assert refused(company) == [(2, reason.format(3)), (3, reason.format(2))]


def test_a_sequence_tells_two_values_of_one_second_apart(company: Company) -> None:
    company.maps(HISTORY.replace("recorded_at: at", "recorded_at: at, sequence: number"))
    company.has("id,stage,owner,at,number\nD1,Zero,A,2025-01-06,1\nD1,Zero,B,2025-01-06,2\n", "history.csv")
    assert refused(company) == []


def test_won_and_lost_at_the_same_instant_are_both_refused(company: Company) -> None:
    company.maps(OUTCOMES)
    company.has(
        "id,outcome,at\nD1,won,2025-01-06\nD1,lost,2025-01-06\nD2,won,2025-01-06\nD2,won,2025-01-06\nD3,won,2025-01-06\n", "closed.csv"
    )
    assert [row for row, _ in refused(company)] == [2, 3]
    assert sorted(company.column("deal_id", "outcomes")) == ["D2", "D3"]


def test_two_rates_of_a_currency_at_the_same_moment_are_both_refused(company: Company) -> None:
    company.maps("""
        extracts:
          - file: rates.csv
            into: rates
            columns: {currency: code, rate: rate, occurred_at: day, recorded_at: day}
        """)
    company.has(
        "code,rate,day\nUSD,0.9,2025-01-06\nUSD,0.8,2025-01-06\nUSD,0.7,2025-01-07\nGBP,1.1,2025-01-06\nGBP,1.1,2025-01-06\n", "rates.csv"
    )
    reason = "gives another rate than row {} for the same moment, and no sequence tells which is the later"
    assert refused(company) == [(2, reason.format(3)), (3, reason.format(2))]
    assert sorted(company.column("rate", "rates")) == [0.7, 1.1]
