"""Corrections: which facts of a ledger replace an earlier statement of the same event.

A batch keeps them in a file of its own for each table, so that a ledger without corrections has none of it. A row names two facts of
that table by all their columns: the one that was brought, and, under `REPLACED` and the column's name, the one that it replaces.
"""

from __future__ import annotations

from dealml.ledger.fact_table import FactColumn, FactTable
from dealml.ledger.schema import TABLES

REPLACED = "old_"
FIRST_RECORDED = "first_recorded_at"
CORRECTED = ("offers", "subscriptions", "purchases", "tickets")
"""The tables whose events may have an id of their own, by which a correction is recognised."""


def corrections_of(name: str) -> str:
    """The name of the file of a batch that holds a table's corrections."""
    return f"corrected_{name}"


def correction_table(name: str) -> FactTable:
    """The form of a table's corrections: the new fact, the one that it replaces, and when the event first went on record."""
    columns = TABLES[name].columns
    replaced = tuple(FactColumn(REPLACED + column.name, column.type, column.meaning) for column in columns)
    first = FactColumn(FIRST_RECORDED, "time", "when the event first went on record")
    return FactTable(corrections_of(name), "a statement of an event was corrected", (*TABLES[name].fact_columns, *replaced, first))
