"""Which values are news: today's values, cleared ones, and histories that were written over."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dealml.importing.identity.values.changed_values import new_current_values
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.load import load_mapping
from tests.importing.company_fixtures import Company

HISTORY = """
    extracts:
      - file: history.csv
        into: deal_changes
        columns: {deal_id: id, occurred_at: at, recorded_at: at}
        attributes:
          stage: {column: stage, order: [Lead, Offer]}
          owner: owner
    """
HEAD = "id,at,stage,owner\n"


def values(company: Company, field: str) -> list[tuple[object, ...]]:
    """The values of a deal's attribute with the days of both clocks."""
    return [row[1:] for row in company.days("deal_changes", "field", "text") if row[0] == field]


def test_a_history_that_was_written_over_is_news_of_the_extract_once(company: Company) -> None:
    for day, owner in (("05", "Anna"), ("12", "Bela"), ("19", "Bela")):
        company.week(f"2026-01-{day}", HISTORY, history=HEAD + f"D1,2026-01-02,Lead,{owner}\n")
    assert values(company, "owner") == [("Anna", "2026-01-02", "2026-01-02"), ("Bela", "2026-01-02", "2026-01-12")]


def test_values_in_a_declared_order_keep_their_clocks_whichever_extract_brings_them(company: Company) -> None:
    company.week("2026-01-05", HISTORY, history=HEAD + "D1,2026-01-02,Lead,Anna\n")
    company.week("2026-01-12", HISTORY, history=HEAD + "D1,2026-01-02,Offer,Anna\n")
    assert values(company, "stage") == [("Lead", "2026-01-02", "2026-01-02"), ("Offer", "2026-01-02", "2026-01-02")]


def test_todays_value_is_compared_with_the_last_that_occurred(company: Company) -> None:
    """As every reader of values does: a change that is entered late does not become today's value."""
    mapping = (
        HISTORY.replace("recorded_at: at", "recorded_at: entered")
        + """
      - file: deals.csv
        into: deals
        columns: {deal_id: id, occurred_at: at, recorded_at: at}
        attributes: {owner: owner}
    """.rstrip().replace("\n    ", "\n    ")
    )
    history = "id,at,entered,stage,owner\nD1,2026-01-01,2026-01-04,Lead,Anna\nD1,2026-01-02,2026-01-02,Lead,Bela\n"
    company.week("2026-01-05", mapping, history=history, deals="id,at,owner\nD1,2026-01-01,Bela\n")
    assert [row[0] for row in values(company, "owner")] == ["Anna", "Bela"]


@pytest.mark.parametrize(("owners", "news"), [(["Anna"], 1), (["Anna", None], 0), ([], 0)])
def test_an_empty_cell_is_news_where_the_ledger_has_a_value(company: Company, tmp_path: Path, owners: list[str | None], news: int) -> None:
    company.week("2026-01-05", HISTORY, history=HEAD + "D2,2026-01-02,Lead,Anna\n")
    work = Workspace(company.ledger, tmp_path, datetime(2026, 1, 20, tzinfo=UTC), load_mapping(company.mapping))
    change = """SELECT 'D1' AS deal_id, 'owner' AS field, {}::VARCHAR AS "text", NULL::DOUBLE AS number, NULL::DECIMAL(18, 4) AS amount,
        NULL::TIMESTAMPTZ AS moment, TIMESTAMPTZ '{} 00:00:00Z' AS occurred_at, occurred_at AS recorded_at,
        NULL::BIGINT AS "sequence", 2 AS "row\""""
    for day, owner in enumerate(owners, 6):
        work.add("deal_changes", change.format(f"'{owner}'" if owner else "NULL", f"2026-01-{day:02}"))
    query = new_current_values(work, "deal_changes", change.format("NULL", "2026-01-20"))
    assert work.number(f"SELECT count(*) FROM ({query})") == news


def test_todays_empty_cell_clears_a_value_once_and_a_new_value_is_news_again(company: Company) -> None:
    mapping = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id, occurred_at: at, recorded_at: at}
        attributes: {owner: owner, industry: {column: industry, known: created}}
    """
    weeks = (("05", "Anna,Steel"), ("12", ","), ("19", ","), ("26", "Anna,Steel"))
    for day, cells in weeks:
        company.week(f"2026-01-{day}", mapping, deals=f"id,at,owner,industry\nD1,2026-01-01,{cells}\nD2,2026-01-01,,\n")
    cleared = (None, "2026-01-12", "2026-01-12")
    assert values(company, "owner") == [("Anna", "2026-01-05", "2026-01-05"), ("Anna", "2026-01-26", "2026-01-26"), cleared]
    back = ("Steel", "2026-01-26", "2026-01-26")
    assert values(company, "industry") == [("Steel", "2026-01-01", "2026-01-01"), back, cleared]
    assert {fact["deal_id"] for fact in company.facts("deal_changes")} == {"D1"}


def test_a_value_of_creation_that_a_history_changed_since_does_not_return_every_week(company: Company) -> None:
    mapping = (
        HISTORY
        + """
      - file: deals.csv
        into: deals
        columns: {deal_id: id, occurred_at: at, recorded_at: at}
        attributes: {owner: {column: owner, known: created}}
    """.rstrip()
    )
    for day in ("05", "12"):
        company.week(f"2026-01-{day}", mapping, history=HEAD + "D1,2026-01-02,Lead,Bela\n", deals="id,at,owner\nD1,2026-01-01,Anna\n")
    assert values(company, "owner") == [("Anna", "2026-01-01", "2026-01-01"), ("Bela", "2026-01-02", "2026-01-02")]
