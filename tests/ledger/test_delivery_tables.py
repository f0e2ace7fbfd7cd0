"""Ledgers of before costs had a deal and surveys a text are read as they are, and their digest is the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from dealml.as_of.connection import connect
from dealml.as_of.known_tables import tables_at
from dealml.ledger.delivery_tables import DELIVERY_TABLES
from dealml.ledger.digest import sums_of
from dealml.ledger.fact_files import stored_facts
from dealml.ledger.schema import AHEAD, TABLES
from tests.ledger_fixtures import ledger_of

AT = datetime(2025, 3, 1, tzinfo=UTC)
CLOCKS = {"occurred_at": AT, "recorded_at": AT}
FACTS = {
    "costs": [{"cost_id": "k1", "kind": "sales", "value": 100, **CLOCKS}],
    "surveys": [{"account_id": "a1", "survey": "nps", "score": 9.0, **CLOCKS}],
}
ADDED = {"costs": ["deal_id", "account_id"], "surveys": ["text"]}


@pytest.mark.parametrize("name", sorted(FACTS))
def test_an_older_file_has_the_digest_that_it_had_and_is_read_with_empty_columns(tmp_path: Path, name: str) -> None:
    ledger = ledger_of(tmp_path / "ledger", {name: FACTS[name]})
    (path,) = ledger.files(name)
    table = TABLES[name]
    before = replace(table, fact_columns=tuple(c for c in table.fact_columns if not c.added_later))
    assert [c.name for c in table.fact_columns if c.added_later] == ADDED[name]
    digest = ledger.digest
    pq.write_table(pq.read_table(path).drop_columns(ADDED[name]), path)
    assert sums_of({path: table}) == sums_of({path: before})
    assert ledger.digest == digest
    columns = ", ".join(ADDED[name])
    assert set(*duckdb.connect().sql(f"SELECT {columns} FROM {stored_facts(table, [path])}").fetchall()) == {None}


def test_the_deal_of_a_cost_is_a_part_of_the_digest(tmp_path: Path) -> None:
    digests = {
        ledger_of(tmp_path / str(number), {"costs": [FACTS["costs"][0] | more]}).digest
        for number, more in enumerate(({}, {"deal_id": "d1"}, {"account_id": "d1"}))
    }
    assert len(digests) == 3


def test_hours_booked_afterwards_do_not_move_the_end_of_the_data() -> None:
    assert "time_entries" in AHEAD
    assert [table.name for table in DELIVERY_TABLES] == ["time_entries", "approvals", "deliveries"]


def test_hours_of_a_deleted_deal_are_gone_and_those_of_a_merged_one_are_of_the_other(tmp_path: Path) -> None:
    later = {"occurred_at": datetime(2025, 4, 1, tzinfo=UTC), "recorded_at": datetime(2025, 4, 1, tzinfo=UTC)}
    hours = [{"entry_id": f"t{n}", "deal_id": f"d{n}", "role": "seller", "hours": float(n), **CLOCKS} for n in (1, 2, 3)]
    events = [
        {"record_id": "d1", "kind": "deal", "event": "deleted", **later},
        {"record_id": "d2", "kind": "deal", "event": "merged", "into_id": "d3", **later},
    ]
    deals = [{"deal_id": f"d{n}", **CLOCKS} for n in (1, 2, 3)]
    ledger = ledger_of(tmp_path / "ledger", {"deals": deals, "time_entries": hours, "record_events": events})
    con = connect()
    rows = con.to_pyarrow(tables_at(con, ledger, datetime(2025, 5, 1, tzinfo=UTC))["time_entries"]).to_pylist()
    assert sorted((row["deal_id"], row["hours"]) for row in rows) == [("d3", 2.0), ("d3", 3.0)]
