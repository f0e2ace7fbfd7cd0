"""The account and the state of the deal that stays hold, from the merge on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dealml.as_of.connection import connect
from dealml.as_of.known_tables import tables_at
from dealml.as_of.lives import RecordEvent, lives_of
from dealml.as_of.merged_records import merge_rows
from tests.as_of.test_lives_form import START, Row, fact
from tests.ledger_fixtures import ledger_of


def merge(day: int, deal: str, into: str) -> Row:
    return fact(day, record_id=deal, kind="deal", event="merged", into_id=into)


def outcomes(folder: Path, *events: Row, deals: str = "LS", lost: int = 3) -> list[tuple[Any, ...]]:
    """The outcomes on day 20, where deal L was lost on a day and the other deals are open."""
    facts = {
        "deals": [fact(1, deal_id=name, account_id=f"of {name}") for name in deals],
        "outcomes": [fact(lost, deal_id="L", outcome="lost")],
        "record_events": list(events),
    }
    con = connect()
    tables = tables_at(con, ledger_of(folder, facts), fact(20)["recorded_at"])
    rows = con.to_pyarrow(tables["deals"].order_by("deal_id", "account_id")).to_pylist()
    assert [row["deal_id"] for row in rows].count(rows[-1]["deal_id"]) == len(deals)
    return [(row["deal_id"], row["outcome"]) for row in con.to_pyarrow(tables["outcomes"]).to_pylist()]


@pytest.mark.parametrize("lost", [3, 5, 8], ids=["before the merge", "with it", "after it"])
def test_an_outcome_of_the_absorbed_deal_closes_no_deal_on_record(lost: int, tmp_path: Path) -> None:
    assert outcomes(tmp_path, merge(5, "L", "S"), lost=lost) == []


def test_it_does_not_at_the_end_of_a_chain_either(tmp_path: Path) -> None:
    assert outcomes(tmp_path, merge(5, "L", "S"), merge(6, "S", "Z"), deals="LSZ") == []


def test_a_new_deal_has_the_outcome_of_the_only_deal_that_it_was_made_of(tmp_path: Path) -> None:
    facts = {
        "deals": [fact(1, deal_id="L")],
        "outcomes": [fact(3, deal_id="L", outcome="lost")],
        "record_events": [merge(5, "L", "N")],
    }
    con = connect()
    rows = con.to_pyarrow(tables_at(con, ledger_of(tmp_path, facts), fact(20)["recorded_at"])["outcomes"]).to_pylist()
    assert [(row["deal_id"], row["outcome"]) for row in rows] == [("N", "lost")]


def test_a_closed_deal_stays_closed_in_a_new_one_whatever_it_had_absorbed(tmp_path: Path) -> None:
    assert outcomes(tmp_path, merge(5, "A", "L"), merge(6, "L", "N"), deals="AL") == [("N", "lost")]


def test_the_account_is_that_of_the_deal_that_stays(tmp_path: Path) -> None:
    facts = {
        "deals": [fact(9, deal_id="L", account_id="later"), fact(1, deal_id="S", account_id="A")],
        "record_events": [merge(10, "L", "S")],
    }
    con = connect()
    rows = con.to_pyarrow(tables_at(con, ledger_of(tmp_path, facts), START.replace(month=3))["deals"]).to_pylist()
    assert sorted((row["deal_id"], row["account_id"] or "") for row in rows) == [("S", ""), ("S", "A")]


def test_every_merge_on_the_way_to_a_life_is_listed() -> None:
    moment = fact(5)["recorded_at"]
    lives = lives_of([RecordEvent.of(moment, "merged", "L", "S"), RecordEvent.of(fact(6)["recorded_at"], "merged", "S", "Z")])
    last = merge_rows({life.record_id: life.absorbed for life in lives if life.until is None}).to_pylist()
    assert [(row["as_id"], row["member_id"], row["into_id"]) for row in last] == [("Z", "L", "S"), ("Z", "S", "Z"), ("Z", "L", "Z")]
