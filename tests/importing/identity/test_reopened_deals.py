"""A closed deal whose stage is open again was reopened; a deal that never closed was not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from dealml.importing.import_settings import ImportSettings
from tests.importing.company_fixtures import Company

HISTORY = """
    extracts:
      - file: history.csv
        into: deal_changes
        columns: {deal_id: id, occurred_at: at, recorded_at: at, sequence: number}
        attributes: {stage: stage}
      - file: history.csv
        into: outcomes
        where: {stage: [Won, Lost]}
        columns: {deal_id: id, outcome: {column: stage, values: {Won: won, Lost: lost}}, occurred_at: at, recorded_at: at, sequence: number}
    """
TODAY = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id, occurred_at: created, recorded_at: created}
        attributes: {stage: {column: stage, values: {Open: open, Won: won}}}
      - file: deals.csv
        into: outcomes
        where: {stage: Won}
        columns: {deal_id: id, outcome: {constant: won}, occurred_at: closed, recorded_at: closed}
    """
ROWS = (
    *("D1,2026-01-02,Lead,1", "D1,2026-01-10,Won,2", "D1,2026-01-12,Lead,3", "D1,2026-01-12,Offer,4", "D1,2026-01-20,Lost,5"),
    *("D2,2026-01-03,Lead,6", "D2,2026-01-04,Offer,7", "D3,2026-01-05,Won,8", "D3,2026-01-05,Lead,9", "D3,2026-01-09,Won,10"),
)
RIGHT = [
    *(("D1", "lost", "2026-01-20"), ("D1", "reopened", "2026-01-12"), ("D1", "reopened", "2026-01-12"), ("D1", "won", "2026-01-10")),
    *(("D3", "reopened", "2026-01-05"), ("D3", "won", "2026-01-05"), ("D3", "won", "2026-01-09")),
]


def outcomes(company: Company) -> list[tuple[object, ...]]:
    """Every outcome with its day."""
    return [row[:3] for row in company.days("outcomes", "deal_id", "outcome")]


def test_the_history_of_a_stage_reopens_a_closed_deal_alone(company: Company) -> None:
    company.week("2026-02-01", HISTORY, history="id,at,stage,number\n" + "\n".join(ROWS))
    assert outcomes(company) == RIGHT


@pytest.mark.parametrize("seed", range(4))
def test_splitting_the_history_over_weeks_in_any_order_makes_no_difference(tmp_path: Path, seed: int) -> None:
    company, rows = Company(tmp_path / "c"), random.Random(seed).sample(ROWS, len(ROWS))
    for week in range(3):
        company.week(f"2026-02-{week + 1:02}", HISTORY, history="id,at,stage,number\n" + "\n".join(rows[week::3]))
    assert outcomes(company) == RIGHT


def test_todays_stage_reopens_a_deal_that_the_ledger_has_as_won(company: Company) -> None:
    head = "id,created,stage,closed\n"
    company.week("2026-02-01", TODAY, deals=head + "D1,2026-01-01,Won,2026-01-20\nD2,2026-01-01,Open,\n")
    company.week("2026-02-08", TODAY, deals=head + "D1,2026-01-01,Open,\nD2,2026-01-01,Open,\n")
    company.week("2026-02-15", TODAY, deals=head + "D1,2026-01-01,Open,\nD2,2026-01-01,Open,\n")
    company.week("2026-02-22", TODAY, deals=head + "D1,2026-01-01,Won,2026-01-20\nD2,2026-01-01,Open,\n")
    assert company.days("outcomes", "deal_id", "outcome") == [
        ("D1", "reopened", "2026-02-08", "2026-02-08"),
        ("D1", "won", "2026-01-20", "2026-01-20"),
        ("D1", "won", "2026-01-20", "2026-02-22"),
    ]


def test_a_mapping_that_names_what_reopens_a_deal_decides_alone(company: Company) -> None:
    mapping = HISTORY.replace("[Won, Lost]", "[Won, Lost, Back]").replace("Lost: lost", "Lost: lost, Back: reopened")
    company.week("2026-02-01", mapping, history="id,at,stage,number\n" + "\n".join(ROWS))
    assert [row for row in outcomes(company) if row[1] == "reopened"] == []


def test_a_stage_of_before_the_closing_that_is_entered_late_reopens_nothing(company: Company) -> None:
    mapping = HISTORY.replace("recorded_at: at", "recorded_at: entered")
    rows = "D1,2026-01-10,2026-01-10,Won,1\nD1,2026-01-05,2026-01-12,Lead,2\n"
    company.week("2026-02-01", mapping, history="id,at,entered,stage,number\n" + rows)
    assert outcomes(company) == [("D1", "won", "2026-01-10")]


@pytest.mark.parametrize(
    ("order", "reopened"),
    [
        ("", 1),
        (", order: [Lead, Offer, Won, Delivery]", 0),
        (", order: [Lead, Delivery, Offer, Won]", 1),
        (", order: [Lead, Offer, Lost, Delivery]", 1),
    ],
)
def test_a_stage_after_a_won_one_in_the_declared_order_reopens_nothing(company: Company, order: str, reopened: int) -> None:
    company.maps(HISTORY.replace("{stage: stage}", f"{{stage: {{column: stage{order}}}}}"))
    company.has("id,at,stage,number\nD1,2026-01-02,Lead,1\nD1,2026-01-03,Won,2\nD1,2026-01-04,Delivery,3\n", "history.csv")
    company.imports(settings=ImportSettings(actions={"unlisted_stage": "count"}))
    assert company.column("outcome", "outcomes").count("reopened") == reopened


def test_a_close_date_that_comes_back_is_three_values_once(company: Company) -> None:
    mapping = """
    extracts:
      - file: history.csv
        into: deal_changes
        columns: {deal_id: id, occurred_at: at, recorded_at: at}
        attributes: {close_date: {column: close, type: day}}
    """
    rows = "id,at,close\nD1,2026-01-01,2026-03-31\nD1,2026-01-02,2026-06-30\nD1,2026-01-03,2026-03-31\n"
    for day in ("05", "12"):
        company.week(f"2026-01-{day}", mapping, history=rows)
    moments = sorted((fact["occurred_at"], f"{fact['moment']:%m-%d}") for fact in company.facts("deal_changes"))
    assert [moment for _, moment in moments] == ["03-31", "06-30", "03-31"]


def test_todays_stage_reopens_a_deal_also_where_a_history_tells_of_the_change(company: Company) -> None:
    """The history has the open stage first, so today's stage is no news."""
    both = (
        TODAY.rstrip()
        + """
      - file: changes.csv
        into: deal_changes
        columns: {deal_id: id, occurred_at: at, recorded_at: at}
        attributes: {stage: {column: stage, values: {Open: open, Won: won}}}
    """
    )
    head = "id,created,stage,closed\n"
    company.week("2026-01-12", both, deals=head + "D1,2026-01-02,Won,2026-01-10\nD2,2026-01-02,Won,2026-01-10\n", changes="id,at,stage\n")
    changes = "id,at,stage\nD1,2026-01-15,Open\nD2,2026-01-05,Open\n"
    company.week("2026-01-19", both, deals=head + "D1,2026-01-02,Open,\nD2,2026-01-02,Won,2026-01-10\n", changes=changes)
    assert outcomes(company) == [("D1", "reopened", "2026-01-19"), ("D1", "won", "2026-01-10"), ("D2", "won", "2026-01-10")]
