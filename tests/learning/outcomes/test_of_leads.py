"""Outcomes of leads in the cases that random histories do not hold; those stand in `tests.learning.test_snapshots`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from dealml.as_of.connection import connect
from dealml.as_of.known_tables import known_tables
from dealml.learning.outcomes.of_leads import LeadWon
from dealml.learning.outcomes.outcome import Outcome
from dealml.learning.snapshots import history, spells
from dealml.ledger.schema import TABLES
from tests.ledger_fixtures import ledger_of

MONDAY = datetime(2025, 3, 3, tzinfo=UTC)
Row = dict[str, Any]


def day(number: int) -> Row:
    return {"occurred_at": MONDAY + timedelta(days=number), "recorded_at": MONDAY + timedelta(days=number)}


def tables_of(tmp_path: Path, facts: dict[str, list[Row]]) -> tuple[Any, dict[str, Any]]:
    con = connect()
    tables = known_tables(con, ledger_of(tmp_path, facts))
    con.con.register("no_activities", TABLES["activities"].empty_in_order)
    return con, {"activities": con.table("no_activities")} | tables


def won_at(tmp_path: Path, outcome: Outcome, facts: dict[str, list[Row]]) -> list[datetime]:
    con, tables = tables_of(tmp_path, facts)
    table = history(con, tables, "lead_id", outcome, MONDAY + timedelta(days=90)).to_pandas()
    return [pd.Timestamp(at).to_pydatetime() for at in table["event_at"].dropna().unique()]


def converted_lead() -> dict[str, list[Row]]:
    return {
        "leads": [{"lead_id": "L1", "event": "created"} | day(-5), {"lead_id": "L1", "event": "converted", "deal_id": "D1"} | day(20)],
        "deals": [{"deal_id": name} | day(20) for name in ("D1", "D2")],
        "outcomes": [{"deal_id": "D2", "outcome": "won"} | day(40)],
    }


def test_a_win_of_another_deal_is_no_win_of_the_lead(tmp_path: Path) -> None:
    assert won_at(tmp_path, LeadWon(), converted_lead()) == []


def test_a_lead_is_won_with_the_deal_that_its_own_was_merged_into(tmp_path: Path) -> None:
    merged = {"record_events": [{"record_id": "D1", "kind": "deal", "event": "merged", "into_id": "D2"} | day(30)]}
    assert won_at(tmp_path, LeadWon(), converted_lead() | merged) == [MONDAY + timedelta(days=40)]


def test_a_lead_leaves_untouched_and_comes_back_with_a_touch(tmp_path: Path) -> None:
    facts = converted_lead()
    facts["leads"] = [{"lead_id": "L1", "event": "created"} | day(0), {"lead_id": "L1", "event": "touched"} | day(50)]
    con, tables = tables_of(tmp_path, facts)
    rows = con.to_pyarrow(spells(con, tables, "lead_id", LeadWon(untouched_days=30)).order_by("since")).to_pylist()
    days = [((row["since"] - MONDAY).days, (row["until"] - MONDAY).days) for row in rows]
    assert days == [(0, 30), (50, 80)]


def test_a_recycled_lead_has_its_past(tmp_path: Path) -> None:
    facts = converted_lead()
    facts["leads"] = [{"lead_id": "L1", "event": event} | day(at) for event, at in (("created", 0), ("disqualified", 9), ("recycled", 20))]
    con, tables = tables_of(tmp_path, facts)
    rows = con.to_pyarrow(spells(con, tables, "lead_id", LeadWon()).order_by("since")).to_pylist()
    assert [(row["since"] - MONDAY).days for row in rows] == [0, 20]
    assert (rows[0]["until"] - MONDAY).days == 9
