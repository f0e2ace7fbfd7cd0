"""Steps: tables that go as soon as nothing needs them, and are made anew for every batch."""

from __future__ import annotations

import ibis
from ibis.backends.duckdb import Backend

from dealml.features.steps import Steps
from dealml.ledger.connect import connect


def tables(con: Backend) -> list[str]:
    return sorted(name for (name,) in con.raw_sql("SELECT table_name FROM duckdb_tables()").fetchall())


def test_a_table_stays_until_its_last_use_and_none_is_left() -> None:
    con = connect()
    whole = con.create_table("whole", ibis.memtable({"entity": ["a", "b", "c"], "value": [1, 2, 3]}), temp=True)
    with Steps(con, whole, "entity", 2) as steps:
        twice = steps.add(steps.batch.mutate(value=steps.batch.value * 2))
        more = steps.add(twice.mutate(value=twice.value + 1))
        steps.add(twice.join(more, "entity").select("entity", low=twice.value, high=more.value))
        for _ in range(2):  # a batch that is run again is the same
            rows = [row for number in range(2) for row in steps.run(number).to_pylist()]
            assert sorted((row["entity"], row["low"], row["high"]) for row in rows) == [("a", 2, 3), ("b", 4, 5), ("c", 6, 7)]
    assert tables(con) == ["whole"]


def test_what_nobody_needs_any_more_takes_no_room() -> None:
    con = connect()
    whole = con.create_table("whole", ibis.memtable({"entity": ["a"], "value": [1]}), temp=True)
    with Steps(con, whole, "entity", 1) as steps:
        first = steps.add(steps.batch.mutate(value=steps.batch.value + 1))
        second = steps.add(first.mutate(value=first.value + 1))
        steps.add(second.mutate(value=second.value + 1))
        assert steps.run(0).to_pylist() == [{"entity": "a", "value": 4}]
        left = tables(con)
        assert first.op().name not in left
        assert second.op().name in left  # what the last step is made from goes with the batch
