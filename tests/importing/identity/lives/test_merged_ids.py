"""The records that are merged by an extract, each with the one at the end of its chain."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dealml.importing.identity.lives.merged_ids import as_merged, merged_ids
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.mapping import Mapping
from dealml.ledger.ledger import Ledger

MAPPING = Mapping.model_validate(
    {"dealml": 1, "extracts": [{"file": "d.csv", "into": "deals", "columns": {"deal_id": "id", "occurred_at": "at"}}]}
)
PAIRS = "SELECT * FROM (VALUES ('a', 'b'), ('b', 'c'), ('x', 'y'), ('y', 'x'), ('a', 'z')) AS v(record_id, into_id)"


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    return Workspace(Ledger(tmp_path / "ledger"), tmp_path, datetime(2026, 2, 1, tzinfo=UTC), MAPPING)


def test_the_first_merge_of_a_record_counts_and_a_circle_ends(work: Workspace) -> None:
    files = merged_ids(work, {"deal": PAIRS})
    assert list(files) == ["deal_id"]
    rows = {row["member_id"]: row["record_id"] for row in pq.read_table(files["deal_id"]).to_pylist()}
    assert (rows["a"], rows["b"]) == ("c", "c")
    assert "z" not in rows.values()


def test_only_events_go_by_the_surviving_record(work: Workspace) -> None:
    work.merged_ids = merged_ids(work, {"deal": PAIRS})
    query = "(SELECT 'a' AS deal_id)"
    assert work.con.sql(f"FROM {as_merged(work, 'activities', query)}").fetchall() == [("c",)]
    assert as_merged(work, "outcomes", query) == query
