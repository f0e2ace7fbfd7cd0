"""The data contract as a document: every fact table with its columns, written from `tables.py`."""

from __future__ import annotations

from dealml.ledger.fact_table import CLOCKS, TYPES, FactColumn, FactTable
from dealml.ledger.schema import CHANGES_OF, TABLES

_KINDS = {
    "text": "text, UTF-8",
    "number": "number (64-bit floating point)",
    "integer": "whole number (64-bit)",
    "amount": "exact decimal, 18 digits, 4 of them after the point",
    "time": "time in UTC, to the microsecond",
    "boolean": "true or false",
}

_HEAD = """\
# Data contract

What a ledger holds. Written by `dealml.ledger.schema_docs.markdown()`; change `src/dealml/ledger/schema.py`, not this file.

A ledger is a set of fact tables. A row is a fact: one thing that happened to an entity. Facts are only ever added.

- **Time zone.** All times are UTC. A source's local times are converted on import (`time_zone` in the mapping); a local
  time that the clock repeats there is the later instant, one that it skips the instant of the jump. A date alone is the midnight of that
  day in the company's zone (`company.time_zone`, default UTC).
- **Units.** Money is in its original currency. It is never rounded on the way in; only a price that the mapping
  multiplies by a quantity (`times`) is, half to even, at the fourth decimal.
- **Required.** `deals` and `outcomes` are enough to begin with. A column marked ● must be given in each row of its
  table; any other may be empty. Every feature whose facts are absent is absent, and says so.
- **Our own people.** An answer of an employee is a row of `surveys` without an account, so no customer's features see it.
- **Ids** are text, kept as they stand: `007` is not `7`, and case counts.
- **Without dates.** A source without dates is a cross-section (see `docs/mapping.md`): all its times are nominal, the
  outcome's later than all others. A ledger holds nothing else then.
- **Digest.** What a ledger holds has one digest, a sum over its facts; their order has no part in it.

## Types
| type | is | in Parquet |
|---|---|---|
"""

_CLOCK_HEAD = """
## In every table
| column | type | unit | | meaning |
|---|---|---|---|---|
"""

_CLOCK_NOTES = """
A snapshot sees a fact when `recorded_at` lies strictly before it. Facts of the same entity stand in the order of
`occurred_at`, then `recorded_at`, then `sequence`; never in the order of rows.
"""


def markdown() -> str:
    """The text of `docs/data-contract.md`."""
    kinds = "".join(f"| {name} | {_KINDS[name]} | `{kind}` |\n" for name, kind in TYPES.items())
    clocks = _CLOCK_HEAD + "".join(map(_row, CLOCKS)) + _CLOCK_NOTES
    return _HEAD + kinds + clocks + "".join(map(_section, TABLES.values()))


def _section(table: FactTable) -> str:
    of = {changes: entities for entities, changes in CHANGES_OF.items()}.get(table.name)
    note = f" Filled by the `attributes` of `{of}`, or by a history of its own." if of else ""
    head = f"\n## {table.name}\nA row: {table.meaning}.{note}\n\n| column | type | unit | | meaning |\n|---|---|---|---|---|\n"
    return head + "".join(map(_row, table.fact_columns))


def _row(column: FactColumn) -> str:
    unit = "UTC" if column.type == "time" else column.unit
    return f"| `{column.name}` | {column.type} | {unit} | {'●' if column.required else ''} | {column.meaning} |\n"
