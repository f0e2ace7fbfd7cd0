"""Tables in the form of lives: each fact as it was recorded, and under every later life that it is part of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dealml.as_of.connection import connect
from dealml.as_of.known_tables import known_tables, tables_at
from dealml.as_of.lives_form import AS_RECORDED, LIVES
from tests.ledger_fixtures import ledger_of

START = datetime(2026, 1, 1, tzinfo=UTC)
Row = dict[str, Any]


def fact(day: int, **columns: Any) -> Row:
    return {"occurred_at": START + timedelta(days=day), "recorded_at": START + timedelta(days=day), **columns}


FACTS = {
    "deals": [fact(1, deal_id=name, account_id="A") for name in ("L", "S", "Z")],
    "activities": [fact(2, deal_id=name, account_id="A", activity="call") for name in ("L", "S", "Z")],
}
MERGE = {"record_events": [fact(5, record_id="L", kind="deal", event="merged", into_id="S")]}
DELETION = {
    "record_events": [fact(5, record_id="A", kind="account", event="deleted"), fact(6, record_id="A", kind="account", event="restored")]
}


def rows(folder: Path, facts: dict[str, list[Row]], name: str, *columns: str) -> list[tuple[Any, ...]]:
    con = connect()
    table = known_tables(con, ledger_of(folder, facts), START + timedelta(days=30))[name]
    return sorted(tuple(row.values()) for row in con.to_pyarrow(table.select(*columns)).to_pylist())


def test_where_nothing_happened_to_records_tables_are_as_they_are(tmp_path: Path) -> None:
    con = connect()
    assert set(known_tables(con, ledger_of(tmp_path, FACTS))) == {"deals", "activities"}


def test_a_merged_deal_s_facts_have_copies_under_the_new_life(tmp_path: Path) -> None:
    assert rows(tmp_path / "a", FACTS | MERGE, "deals", "deal_id") == [("L",), ("S",), ("S\x1f2",), ("S\x1f2",), ("Z",)]
    assert rows(tmp_path / "b", FACTS | MERGE, "deals" + AS_RECORDED, "deal_id") == [("L",), ("S",), ("Z",)]


def test_a_copy_for_the_deal_leaves_the_account_out(tmp_path: Path) -> None:
    pairs = rows(tmp_path, FACTS | MERGE, "activities", "deal_id", "account_id")
    assert [account for deal, account in pairs if deal == "S\x1f2"] == [None, None]
    assert sum(account == "A" for _, account in pairs) == 3


def test_the_lives_are_a_table_of_their_own(tmp_path: Path) -> None:
    lives = rows(tmp_path, FACTS | MERGE, LIVES + "deal_id", "life_id", "member_id", "last_id")
    assert lives == [("L", "L", "S\x1f2"), ("S", "S", "S\x1f2"), ("S\x1f2", "L", "S\x1f2"), ("S\x1f2", "S", "S\x1f2")]


def test_an_account_that_is_back_has_its_activities(tmp_path: Path) -> None:
    pairs = rows(tmp_path, FACTS | DELETION, "activities", "account_id", "deal_id")
    assert [deal for account, deal in pairs if account == "A\x1f2"] == [None] * 3


def test_at_one_moment_records_have_their_own_ids(tmp_path: Path) -> None:
    con, ledger = connect(), ledger_of(tmp_path, FACTS | MERGE)
    before, after = (tables_at(con, ledger, START + timedelta(days=day)) for day in (5, 6))
    assert sorted(con.to_pyarrow(before["deals"])["deal_id"].to_pylist()) == ["L", "S", "Z"]
    assert sorted(con.to_pyarrow(after["deals"])["deal_id"].to_pylist()) == ["S", "S", "Z"]


def test_a_fact_that_only_names_a_record_that_is_gone_stays(tmp_path: Path) -> None:
    con, leads = connect(), [fact(1, lead_id="P", event="converted", deal_id="L", account_id="A")]
    gone = [fact(5, record_id="A", kind="account", event="deleted"), fact(5, record_id="L", kind="deal", event="deleted")]
    tables = tables_at(con, ledger_of(tmp_path, FACTS | {"leads": leads, "record_events": gone}), START + timedelta(days=6))
    deals, leads_now, activities = (con.to_pyarrow(tables[name]).to_pylist() for name in ("deals", "leads", "activities"))
    assert sorted((row["deal_id"], row["account_id"]) for row in deals) == [("S", None), ("Z", None)]
    assert [(row["lead_id"], row["deal_id"], row["account_id"]) for row in leads_now] == [("P", None, None)]
    assert sorted((row["deal_id"], row["account_id"]) for row in activities) == [("S", None), ("Z", None)]


def test_only_merges_of_contacts_count(tmp_path: Path) -> None:
    happened = [
        fact(5, record_id="p", kind="contact", event="merged", into_id="q"),
        fact(6, record_id="q", kind="contact", event="deleted"),
    ]
    people = [fact(1, deal_id="S", contact_id=name, role="user") for name in ("p", "q")]
    con, ledger = connect(), ledger_of(tmp_path, FACTS | {"stakeholders": people, "record_events": happened})
    before, after = (tables_at(con, ledger, START + timedelta(days=day))["stakeholders"] for day in (5, 8))
    assert sorted(con.to_pyarrow(before)["contact_id"].to_pylist()) == ["p", "q"]
    assert con.to_pyarrow(after)["contact_id"].to_pylist() == ["q", "q"]
