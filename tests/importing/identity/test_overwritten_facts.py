"""What a source writes over is news of the extract, and so is what it writes back; what it repeats is none."""

from __future__ import annotations

import pytest

from tests.importing.company_fixtures import Company

BOTH, ONE = "occurred_at: at, recorded_at: at", "occurred_at: at"
HISTORY = """
    extracts:
      - file: rows.csv
        into: deal_changes
        columns: {deal_id: id, CLOCKS}
        attributes: {value: VALUE}
    """
OUTCOMES = """
    extracts:
      - file: rows.csv
        into: outcomes
        columns: {deal_id: id, outcome: value, CLOCKS}
    """
RATES = """
    extracts:
      - file: rows.csv
        into: rates
        columns: {currency: id, rate: value, CLOCKS}
    """
SETS = HISTORY.replace("VALUE", '{column: value, split: ";"}')
ENTERED = "occurred_at: at, recorded_at: entered"
TABLES = [
    (HISTORY.replace("VALUE", "value"), "deal_changes", "text", "D1", "10", "5"),
    (OUTCOMES, "outcomes", "outcome", "D1", "won", "lost"),
    (RATES, "rates", "rate", "USD", 0.9, 0.8),
]


def weekly(company: Company, mapping: str, *weeks: str) -> list[int]:
    """Import the rows of each week, from 1 March on; how many rows were news each time."""
    days = (1, 8, 15, 22)
    header = "id,value,at,entered\n"
    reports = [company.week(f"2026-03-{day:02}", mapping, rows=header + rows) for day, rows in zip(days, weeks, strict=False)]
    return [report.counts[0].accepted for report in reports]


@pytest.mark.parametrize("clocks", [BOTH, ONE])
@pytest.mark.parametrize(("mapping", "table", "column", "name", "first", "other"), TABLES)
def test_what_is_written_back_is_news_of_its_extract(
    company: Company, mapping: str, table: str, column: str, name: str, first: object, other: object, clocks: str
) -> None:
    rows = [f"{name},{value},2026-01-06,\n" for value in (first, other, first, first)]
    assert weekly(company, mapping.replace("CLOCKS", clocks), *rows) == [1, 1, 1, 0]
    recorded = ["2026-01-06" if clocks == BOTH else "2026-03-01", "2026-03-08", "2026-03-15"]
    facts = sorted(company.days(table, column), key=lambda row: row[-1])
    assert [(str(value), *days) for value, *days in (row[-3:] for row in facts)] == [
        (str(value), "2026-01-06", at) for value, at in zip((first, other, first), recorded, strict=True)
    ]


@pytest.mark.parametrize("mapping", [TABLES[0][0], SETS])
def test_a_history_that_still_has_what_was_entered_later_says_nothing_new(company: Company, mapping: str) -> None:
    rows = "D1,10,2026-01-06,2026-01-06\nD1,5,2026-01-06,2026-03-01\n"
    assert weekly(company, mapping.replace("CLOCKS", ENTERED), rows, rows, rows) == [2, 0, 0]


def test_a_set_that_is_written_back_is_news_of_its_extract(company: Company) -> None:
    rows = [f"D1,{value},2026-01-06,\n" for value in ("a;b", "a", "b;a", "a;b")]
    assert weekly(company, SETS.replace("CLOCKS", BOTH), *rows) == [1, 1, 1, 0]


def test_a_row_that_comes_without_what_was_entered_later_is_not_written_back(company: Company) -> None:
    both = "D1,10,2026-01-06,2026-01-06\nD1,5,2026-01-06,2026-01-08\n"
    assert weekly(company, TABLES[0][0].replace("CLOCKS", ENTERED), both, "D1,10,2026-01-06,2026-01-06\n") == [2, 0]


def test_reopened_on_the_day_of_the_loss_keeps_its_clocks(company: Company) -> None:
    lost, both = "D1,lost,2026-01-06,\n", "D1,lost,2026-01-06,\nD1,reopened,2026-01-06,\n"
    assert weekly(company, OUTCOMES.replace("CLOCKS", BOTH), lost, both, both) == [1, 1, 0]
    assert {row[-1] for row in company.days("outcomes", "outcome")} == {"2026-01-06"}
