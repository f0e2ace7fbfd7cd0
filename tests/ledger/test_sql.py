"""Literals mean in DuckDB what they meant in Python."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import duckdb
import pytest

from dealml.ledger.sql import literal


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 1, 5, 12, 30, 0, 1, tzinfo=UTC),
        datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))),
        "it's a 'quoted' text; -- no comment",
        "",
    ],
)
def test_a_literal_comes_back_as_it_was(value: datetime | str) -> None:
    with duckdb.connect() as con:
        assert con.execute(f"SELECT {literal(value)}").fetchall() == [(value,)]


def test_a_path_is_a_text() -> None:
    assert literal(Path("it's") / "deals.parquet") == "'it''s/deals.parquet'"


@pytest.mark.parametrize("value", [0.1, -1e300, 3.0, 1 / 3])
def test_a_number_equals_the_number_in_a_column(value: float) -> None:
    with duckdb.connect() as con:
        assert con.execute(f"SELECT $1::DOUBLE = {literal(value)}", [value]).fetchall() == [(True,)]
