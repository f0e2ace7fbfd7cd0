"""A digest of facts that does not depend on their order: the sum of one digest for each fact.

Sums of two batches add up to the sum of both, so a ledger's digest is the same however its facts
came into it. Each fact's SHA-256 gives two numbers of 64 bits, which are summed separately.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from dealml.ledger.fact_files import stored_facts
from dealml.ledger.fact_table import FactColumn, FactTable

_BITS = 64
MEMORY = "160MB"


def sums_of(files: Mapping[Path, FactTable]) -> list[str]:
    """Of each Parquet file the sum of its facts: how many there are, and two numbers of 64 bits."""
    # Opening a connection takes longer than summing a small file, so one serves for all.
    with duckdb.connect(config={"memory_limit": MEMORY, "threads": 2}) as con:
        return [_sum(con, path, table) for path, table in files.items()]


def _sum(con: duckdb.DuckDBPyConnection, path: Path, table: FactTable) -> str:
    row = f"concat({', '.join(_text(column) for column in table.columns)})"
    halves = ", ".join(f"sum(('0x' || substr(digest, {start}, 16))::UBIGINT)" for start in (1, 17))
    facts = stored_facts(table, [path])
    counts = con.execute(f"SELECT count(*), {halves} FROM (SELECT sha256({row}) AS digest FROM {facts})").fetchall()
    return _written(*(int(part or 0) for part in counts[0]))


def total(sums: Iterable[str]) -> str:
    """The sum of several files together."""
    parts = [[int(part, 16) for part in text.split("-")] for text in sums]
    return _written(*(sum(column) for column in zip(*parts, strict=True)))


def _written(count: int, first: int, second: int) -> str:
    return f"{count:x}-{first % 2**_BITS:016x}-{second % 2**_BITS:016x}"


def _text(column: FactColumn) -> str:
    """A cell as text that no other cell or pair of cells has: its length before it, and a mark where there is none."""
    value = f'epoch_us("{column.name}")::VARCHAR' if column.type == "time" else f'"{column.name}"::VARCHAR'
    # A fact without a value in a column of later has the digest that it always had.
    before, instead = (f"'{column.name}=' || ", "") if column.added_later else ("", "-")
    return f"coalesce({before}strlen({value})::VARCHAR || ':' || {value}, '{instead}')"
