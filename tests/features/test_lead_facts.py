"""Facts derived of leads against numbers by hand and slow, obvious loops."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from ibis.backends.duckdb import Backend

from dealml.as_of.connection import QuerySettings, connect, temporary
from dealml.as_of.known_tables import known_tables
from dealml.features.definition import features_in
from dealml.features.engine import Engine
from dealml.features.lead_facts import RESULT_DAYS, answers, results, touches
from dealml.features.plan import plan
from dealml.ledger.schema import TABLES
from features import lead_behaviour
from tests.ledger_fixtures import ledger_of

MONDAY = datetime(2025, 3, 3, tzinfo=UTC)
Row = dict[str, Any]


def clocks(at: datetime, recorded: datetime | None = None) -> Row:
    return {"occurred_at": at, "recorded_at": recorded or at}


def tables_of(con: Backend, tmp_path: Path, facts: dict[str, list[Row]]) -> dict[str, Any]:
    tables = known_tables(con, ledger_of(tmp_path, facts))
    for name in {"leads", "activities"} - set(tables):
        con.con.register(f"no_{name}", TABLES[name].empty_in_order)
        tables[name] = con.table(f"no_{name}")
    return tables


def worked(begin: datetime, end: datetime) -> float:
    """Working hours by minutes."""
    minutes = int((end - begin) / timedelta(minutes=1))
    moments = (begin + timedelta(minutes=number) for number in range(minutes))
    return sum(moment.weekday() < 5 and 9 <= moment.hour < 17 for moment in moments) / 60


def test_touches_are_activities_of_leads_and_events(tmp_path: Path) -> None:
    facts = {
        "leads": [
            {"lead_id": "L1", "event": "created"} | clocks(MONDAY),
            {"lead_id": "L1", "event": "touched"} | clocks(MONDAY + timedelta(days=2)),
        ],
        "activities": [
            {"lead_id": "L1", "activity": "email", "direction": "in"} | clocks(MONDAY + timedelta(days=1)),
            {"deal_id": "D1", "activity": "call"} | clocks(MONDAY),
        ],
    }
    con = connect()
    rows = con.to_pyarrow(touches(tables_of(con, tmp_path, facts)).order_by("_order")).to_pylist()
    assert [(row["lead_id"], row["activity"], row["direction"]) for row in rows] == [("L1", "email", "in"), ("L1", "touched", None)]


@pytest.mark.parametrize(
    ("begin", "end", "hours"),
    [
        ("2025-03-03T10:00", "2025-03-03T12:30", 2.5),
        ("2025-03-07T16:00", "2025-03-10T10:00", 2.0),  # over a weekend
        ("2025-03-08T12:00", "2025-03-09T12:00", 0.0),
        ("2025-03-03T20:00", "2025-03-04T08:00", 0.0),
        ("2025-03-03T09:00", "2025-03-31T17:00", 21 * 8.0),
    ],
)
def test_answers_take_working_hours(tmp_path: Path, begin: str, end: str, hours: float) -> None:
    came, answered = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (begin, end))
    facts = {
        "leads": [{"lead_id": "L1", "event": "created"} | clocks(came)],
        "activities": [{"lead_id": "L1", "activity": "email", "direction": "out"} | clocks(answered)],
    }
    con = connect()
    assert con.to_pyarrow(answers(tables_of(con, tmp_path, facts)).working_hours).to_pylist() == [pytest.approx(hours)]
    assert worked(came, answered) == pytest.approx(hours)


def test_working_hours_are_those_of_the_companys_zone(tmp_path: Path) -> None:
    """Over the change of clocks in Warsaw: Friday 16:00 to Monday 10:00, an hour before the weekend and one after it."""
    came, answered = datetime(2025, 3, 28, 15, tzinfo=UTC), datetime(2025, 3, 31, 8, tzinfo=UTC)
    facts = {
        "leads": [{"lead_id": "L1", "event": "created"} | clocks(came)],
        "activities": [{"lead_id": "L1", "activity": "email", "direction": "out"} | clocks(answered)],
    }
    con = connect(QuerySettings(time_zone="Europe/Warsaw"))
    tables = known_tables(con, ledger_of(tmp_path, facts))
    assert con.to_pyarrow(answers(tables).working_hours).to_pylist() == [pytest.approx(2.0)]


@pytest.mark.parametrize("seed", range(3))
def test_results_count_once_their_days_are_over(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    rows = []
    for number in range(200):
        for event in ["created", *chance.choices(["touched", "converted", "disqualified"], k=chance.randint(0, 2))]:
            rows.append({"lead_id": f"L{number}", "event": event} | clocks(MONDAY + timedelta(days=chance.randint(0, 60))))
    con = connect()
    found = con.to_pyarrow(results(tables_of(con, tmp_path, {"leads": rows}))).to_pylist()
    expected = {}
    for lead in {row["lead_id"] for row in rows}:
        moments = [(row["recorded_at"], row["event"]) for row in rows if row["lead_id"] == lead]
        over = min(moments)[0] + timedelta(days=RESULT_DAYS)
        expected[lead] = (over, int(any(event == "converted" and at < over for at, event in moments)))
    assert {row["lead_id"]: (row["recorded_at"].astimezone(UTC), row["converted"]) for row in found} == expected
    assert {converted for _, converted in expected.values()} == {0, 1}


def test_the_future_changes_no_derived_fact(tmp_path: Path) -> None:
    """Cut, then derived, is derived, then cut."""
    chance = random.Random(5)
    leads = [
        {"lead_id": f"L{chance.randint(0, 30)}", "event": chance.choice(["created", "touched", "converted"])}
        | clocks(MONDAY + timedelta(hours=chance.randint(0, 2000)), MONDAY + timedelta(hours=chance.randint(0, 2000)))
        for _ in range(200)
    ]
    activities = [
        {"lead_id": f"L{chance.randint(0, 30)}", "activity": "email", "direction": chance.choice(["in", "out"])}
        | clocks(MONDAY + timedelta(hours=chance.randint(0, 2000)), MONDAY + timedelta(hours=chance.randint(0, 2000)))
        for _ in range(200)
    ]
    cut = MONDAY + timedelta(hours=1000)
    ledger, con = ledger_of(tmp_path, {"leads": leads, "activities": activities}), connect()
    for make in (touches, answers, results):
        known, later = make(known_tables(con, ledger, cut)), make(known_tables(con, ledger))
        before, after = (con.to_pyarrow(table.filter(table.recorded_at < cut)) for table in (known, later))
        assert rows_of(before) == rows_of(after)
        assert before.num_rows > 10


def rows_of(table: pa.Table) -> list[str]:
    return sorted(repr({name: value for name, value in row.items() if name != "_order"}) for row in table.to_pylist())


def test_a_response_is_more_than_a_click(tmp_path: Path) -> None:
    kinds = (
        (1, "form", "in"), (20, "reply", "in"), (45, "webinar", None), (70, "call", "out"), (71, "open", "in"), (72, "page", "in"),
        (80, "email", "in"),
    )  # fmt: skip
    facts = {
        "leads": [{"lead_id": "L1", "event": "created"} | clocks(MONDAY)],
        "activities": [
            {"lead_id": "L1", "activity": kind, "direction": direction} | clocks(MONDAY + timedelta(days=day))
            for day, kind, direction in kinds
        ],
    }
    con = connect()
    tables = tables_of(con, tmp_path, facts)
    wanted = plan(features_in(lead_behaviour.lead_responses_30d, lead_behaviour.days_since_lead_response), "lead_id", tables)
    moments = [MONDAY + timedelta(days=day) for day in (0, 30, 60, 90)]
    snapshots = pa.table({"lead_id": ["L1"] * 4, "account_id": pa.nulls(4, pa.string()), "as_of": moments, "known_by": moments})
    rows = Engine(con, tables, wanted, "lead_id").compute(temporary(con, "snapshots", snapshots))
    found = {row["as_of"]: row for table in rows for row in table.to_pylist()}
    assert [found[moment]["lead_responses_30d"] for moment in moments] == [0, 2, 1, 1]
    assert [found[moment]["days_since_lead_response"] for moment in moments] == [None, 10, 15, 10]
