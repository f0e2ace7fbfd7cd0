"""Fact tables: the form that every kind of fact has, with its two clocks and its sequence."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

TYPES = {
    "text": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "amount": pa.decimal128(18, 4),
    "time": pa.timestamp("us", tz="UTC"),
    "boolean": pa.bool_(),
}

SQL_TYPES = {
    "text": "VARCHAR",
    "number": "DOUBLE",
    "integer": "BIGINT",
    "amount": "DECIMAL(18, 4)",
    "time": "TIMESTAMPTZ",
    "boolean": "BOOLEAN",
}
"""The same types in DuckDB."""


@dataclass(frozen=True)
class FactColumn:
    """A column of a fact table: its name, type (a key of `TYPES`), meaning and unit."""

    name: str
    type: str
    meaning: str
    required: bool = False
    unit: str = ""
    words: tuple[str, ...] = ()
    """The closed vocabulary of a text; empty where any text may stand."""
    added_later: bool = False
    """Whether there are batches without the column (`dealml.ledger.fact_files`); its empty cells are no part of a fact's digest."""


@dataclass(frozen=True)
class FactTable:
    """A kind of fact: its name, its meaning, and its columns apart from the clocks; the first one holds the entity's id."""

    name: str
    meaning: str
    fact_columns: tuple[FactColumn, ...]

    @property
    def entity(self) -> str:
        """The name of the column that holds the entity's id: the first one."""
        return self.fact_columns[0].name

    @property
    def columns(self) -> tuple[FactColumn, ...]:
        """The table's own columns followed by the two clocks and the sequence."""
        return self.fact_columns + CLOCKS

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of a batch of this table."""
        return pa.schema([(c.name, TYPES[c.type]) for c in self.columns])

    @property
    def empty(self) -> pa.Table:
        """The table without a fact."""
        return self.schema.empty_table()

    @property
    def empty_in_order(self) -> pa.Table:
        """The table without a fact, with the column `_order` that `connect.in_order` adds."""
        return self.empty.append_column("_order", pa.array([], pa.int64()))

    def column(self, name: str) -> FactColumn | None:
        """The column of that name, or None."""
        return next((c for c in self.columns if c.name == name), None)


CLOCKS = (
    FactColumn("occurred_at", "time", "when it was true", required=True),
    FactColumn("recorded_at", "time", "when the company knew; only earlier facts are visible to a snapshot", required=True),
    FactColumn("sequence", "integer", "breaks ties between facts of the same instant"),
)
