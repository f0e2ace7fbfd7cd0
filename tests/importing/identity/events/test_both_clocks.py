"""What the clocks of an extract say about a row that differs from the one on record."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dealml.importing.identity.events.both_clocks import clocks_of
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.load import load_mapping
from dealml.ledger.batches import Manifest, publish
from dealml.ledger.ledger import Ledger

MAPPING = """
dealml: 1
extracts:
  - file: bills.csv
    into: purchases
    columns: {account_id: client, order_id: bill, value: net, occurred_at: day, recorded_at: written}
"""


def day(number: int) -> datetime:
    """A day of June 2025."""
    return datetime(2025, 6, number, tzinfo=UTC)


@pytest.mark.parametrize(
    ("taken", "old", "new", "recorded", "is_late"),
    [
        (16, 2, 12, 12, False),
        (16, 2, 9, 16, False),
        (16, 12, 12, 16, False),
        (16, 12, 11, 16, False),
        (5, 2, 3, 3, True),
    ],
)
def test_when_a_correction_is_recorded(tmp_path: Path, taken: int, old: int, new: int, recorded: int, is_late: bool) -> None:
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    mapping = load_mapping(tmp_path / "mapping.yaml")
    ledger, room = tmp_path / "ledger", tmp_path / "room"
    ledger.mkdir()
    room.mkdir()
    counts = [{"file": "bills.csv", "into": "purchases"}]
    publish(ledger, Manifest("a" * 64, "crm", counts, extracted={"purchases": day(9).isoformat()}), {})
    work = Workspace(Ledger(ledger), room, day(taken), mapping)
    clocks = clocks_of(work, mapping.extracts[0])
    rows = f"(SELECT TIMESTAMPTZ '{day(new)}' AS recorded_at) AS n, (SELECT TIMESTAMPTZ '{day(old)}' AS recorded_at) AS o"
    assert work.con.sql(f"SELECT {clocks.recorded}, {clocks.is_late} FROM {rows}").fetchall() == [(day(recorded), is_late)]
    assert not clocks.is_same_moment
