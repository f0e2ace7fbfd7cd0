"""Pieces of SQL about fact tables, for DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from dealml.ledger.schema import TABLES
from dealml.ledger.sql import literal

VALUES = ("text", "number", "amount", "moment")
"""The columns of a change, one of which holds the value."""

CLOCKS = ("occurred_at", "recorded_at")


def columns_of(name: str, but: Iterable[str] = ()) -> list[str]:
    """A fact table's columns, the clocks first: as an order, it puts facts as they happened."""
    names = [column.name for column in TABLES[name].columns]
    left_out = set(but)
    return [c for c in sorted(names, key=lambda c: (c not in CLOCKS, names.index(c))) if c not in left_out]


def moment_of(name: str) -> list[str]:
    """The columns that tell one statement of a record from another, but for when it was recorded."""
    return [str(TABLES[name].entity), *(["event"] if name == "leads" else []), "occurred_at", "sequence"]


def listed(names: Iterable[str], table: str = "") -> str:
    """Columns as a list in SQL."""
    prefix = f"{table}." if table else ""
    return ", ".join(f'{prefix}"{name}"' for name in names)


def packed(names: Iterable[str], table: str = "") -> str:
    """Columns as one struct, which can be compared and be the largest."""
    parts = (f'"{name}" := {listed([name], table)}' for name in names)
    return f"struct_pack({', '.join(parts)})"


def same(left: str, right: str, names: Iterable[str]) -> str:
    """Whether two tables agree in columns; what is missing in both is the same."""
    return " AND ".join(f'{left}."{name}" IS NOT DISTINCT FROM {right}."{name}"' for name in names)


def parquet(paths: Sequence[Path]) -> str:
    """Parquet files as one table."""
    return f"read_parquet([{', '.join(map(literal, paths))}])"


def empty(table: str) -> str:
    """Whether a change has no value: the attribute was cleared."""
    return "(" + " AND ".join(f'{table}."{name}" IS NULL' for name in VALUES) + ")"


def in_declared_order(table: str) -> str:
    """Whether a change's value stands in an order that the mapping declares."""
    return f'({table}."text" IS NOT NULL AND {table}."number" IS NOT NULL)'
