"""The sum of facts: against a slow loop, and blind to order alone."""

from __future__ import annotations

import hashlib
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dealml.ledger.digest import sums_of, total
from dealml.ledger.schema import TABLES

OFFERS = TABLES["offers"]
DAY = datetime(2025, 3, 1, tzinfo=UTC)
Row = dict[str, Any]


def offers(seed: int, count: int = 200) -> list[Row]:
    """Random offers with much that is missing."""
    chance = random.Random(seed)
    return [
        {
            "deal_id": chance.choice(["d1", "ł", "a:b", ""]),
            "offer_id": chance.choice([None, "", "1", "0x"]),
            "event": "sent",
            "price": chance.choice([None, Decimal("12.5"), Decimal("-0.0001")]),
            "discount": chance.choice([None, 0.0, 0.1, 1e-9]),
            "roadmap_promise": chance.choice([None, True, False]),
            "occurred_at": DAY + timedelta(microseconds=chance.randint(0, 10**12)),
            "recorded_at": DAY,
            "sequence": chance.choice([None, 1]),
        }
        for _ in range(count)
    ]


def told(rows: list[Row], path: Path) -> str:
    """The sum of rows by way of a Parquet file."""
    pq.write_table(pa.Table.from_pylist(rows, schema=OFFERS.schema), path)
    (found,) = sums_of({path: OFFERS})
    return found


def by_loop(rows: list[Row]) -> str:
    sums = [0, 0]
    for row in rows:
        text = "".join(cell(row.get(column.name), column.type) for column in OFFERS.columns)
        digest = hashlib.sha256(text.encode()).hexdigest()
        sums = [(part + int(digest[start : start + 16], 16)) % 2**64 for part, start in zip(sums, (0, 16), strict=True)]
    return f"{len(rows):x}-{sums[0]:016x}-{sums[1]:016x}"


def cell(value: Any, kind: str) -> str:
    if value is None:
        return "-"
    if kind == "time":
        text = str((value - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1))
    elif kind == "amount":
        text = f"{value:.4f}"
    else:
        text = {True: "true", False: "false"}[value] if kind == "boolean" else str(value)
    return f"{len(text.encode())}:{text}"


@pytest.mark.parametrize("seed", [1, 2])
def test_a_sum_is_what_a_loop_finds(tmp_path: Path, seed: int) -> None:
    rows = offers(seed)
    assert told(rows, tmp_path / "o.parquet") == by_loop(rows)


def test_nothing_sums_to_nothing(tmp_path: Path) -> None:
    assert told([], tmp_path / "o.parquet") == by_loop([])


def test_order_and_division_into_files_have_no_part(tmp_path: Path) -> None:
    rows = offers(3)
    parts = [told(rows[start : start + 70], tmp_path / "part.parquet") for start in (140, 0, 70)]
    assert total(parts) == told(rows, tmp_path / "whole.parquet") == told(rows[::-1], tmp_path / "turned.parquet")


@pytest.mark.parametrize(
    "change",
    [
        {"offer_id": None},  # missing is not empty
        {"deal_id": "d", "offer_id": "1o"},  # a letter that moves to the next cell
        {"price": Decimal("12.5001")},
        {"occurred_at": DAY + timedelta(microseconds=1)},
        {"sequence": 2},
        {"timeline_promise": False},
    ],
)
def test_a_change_shows(tmp_path: Path, change: Row) -> None:
    row = {"deal_id": "d1", "offer_id": "o", "event": "sent", "price": Decimal("12.5"), "occurred_at": DAY, "recorded_at": DAY}
    row = row | ({"offer_id": ""} if change == {"offer_id": None} else {})
    others = offers(4, 5)
    assert told([row, *others], tmp_path / "a.parquet") != told([row | change, *others], tmp_path / "b.parquet")


def test_a_fact_that_stands_twice_does_not_cancel_out(tmp_path: Path) -> None:
    rows = offers(5, 3)
    assert told([*rows, rows[0], rows[0]], tmp_path / "a.parquet") != told(rows, tmp_path / "b.parquet")
