"""Files of facts as one table, also those that were written before their table got all of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq

from dealml.ledger.fact_table import SQL_TYPES, FactTable
from dealml.ledger.sql import literal


def stored_facts(table: FactTable, paths: Sequence[Path]) -> str:
    """Parquet files of a fact table as a table in SQL: a column that a file lacks, because it was added later, is empty there.

    Further columns of the files, such as those of facts that wait, stay.
    """
    files = ", ".join(map(literal, paths))
    added = [column for column in table.columns if column.added_later]
    if not added:
        return f"read_parquet([{files}])"
    there = {name for path in paths for name in pq.read_schema(path).names}
    missing = [f'CAST(NULL AS {SQL_TYPES[column.type]}) AS "{column.name}"' for column in added if column.name not in there]
    return f"(SELECT {', '.join(['*', *missing])} FROM read_parquet([{files}], union_by_name = true))"
