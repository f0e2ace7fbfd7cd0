"""Steps: tables that go as soon as nothing needs them, and are made anew for every batch."""

from __future__ import annotations

import pytest
from ibis.backends.duckdb import Backend

from dealml.as_of.connection import connect
from dealml.features.batch_runner import BatchRunner

DOUBLED = {"batch__step_000": "SELECT _row, account_id, ascii(account_id) * 2 AS value FROM batch__moments"}
RAISED = DOUBLED | {"batch__step_001": "SELECT _row, value + 1 AS value FROM batch__step_000"}
BOTH = RAISED | {
    "batch__step_002": "SELECT _row, low.value AS low, high.value AS high FROM batch__step_000 low JOIN batch__step_001 high USING (_row)"
}


@pytest.fixture
def con() -> Backend:
    con = connect()
    moments = "TIMESTAMPTZ '2026-01-05' AS as_of, TIMESTAMPTZ '2026-01-05' AS known_by"
    con.raw_sql(f"CREATE TEMP TABLE snapshots AS SELECT unnest(['a', 'b', 'c', 'a']) AS account_id, unnest([1, 2, 3, 4]) AS own, {moments}")
    return con


def tables(con: Backend) -> list[str]:
    return sorted(name for (name,) in con.raw_sql("SELECT table_name FROM duckdb_tables()").fetchall())


def test_each_snapshot_keeps_its_columns_beside_what_was_computed(con: Backend) -> None:
    with BatchRunner(con, con.table("snapshots"), ("account_id",), BOTH, 2) as steps:
        assert steps.batches == 2
        for _ in range(2):  # a batch that is run again is the same
            found = [steps.run(number) for number in range(2)]
            assert {tuple(batch.column_names) for batch in found} == {("account_id", "own", "as_of", "known_by", "low", "high")}
            rows = sorted(tuple(row[name] for name in ("account_id", "own", "low", "high")) for batch in found for row in batch.to_pylist())
            assert rows == [("a", 1, 194, 195), ("a", 4, 194, 195), ("b", 2, 196, 197), ("c", 3, 198, 199)]
    assert tables(con) == ["snapshots"]


def test_rows_of_one_entity_stay_in_one_batch(con: Backend) -> None:
    with BatchRunner(con, con.table("snapshots"), ("account_id",), DOUBLED, 1) as steps:
        found = [set(steps.run(number)["own"].to_pylist()) for number in range(steps.batches)]
    assert sum({1, 4} <= own for own in found) == 1
    assert sorted(one for own in found for one in own) == [1, 2, 3, 4]


def test_no_snapshots_make_one_batch_without_rows(con: Backend) -> None:
    snapshots = con.table("snapshots")
    with BatchRunner(con, snapshots.filter(snapshots.own > 9), ("account_id",), BOTH, 2) as steps:
        assert steps.batches == 1
        assert steps.run(0).num_rows == 0


def test_what_nobody_needs_any_more_takes_no_room(con: Backend) -> None:
    queries = RAISED | {"batch__step_002": "SELECT _row, value + 1 AS value FROM batch__step_001"}
    with BatchRunner(con, con.table("snapshots"), ("account_id",), queries, 9) as steps:
        assert sorted(steps.run(0)["value"].to_pylist()) == [196, 196, 198, 200]
        left = " ".join(tables(con))
        assert "step_000" not in left
        assert "step_001" in left  # what the last step is made from goes with the batch


def test_two_computations_at_once_do_not_share_tables(con: Backend) -> None:
    snapshots = con.table("snapshots")
    with BatchRunner(con, snapshots, ("account_id",), BOTH, 9) as first:
        with BatchRunner(con, snapshots.filter(snapshots.own == 2), ("account_id",), BOTH, 9) as second:
            assert (first.run(0).num_rows, second.run(0).num_rows) == (4, 1)
        assert first.run(0).num_rows == 4
