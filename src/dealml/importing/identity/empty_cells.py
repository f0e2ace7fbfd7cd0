"""Today's values in several files of one import: an empty cell says nothing where another file has the value.

One of the files may not have the attribute at all; that it is empty there clears nothing. So the order of files makes no difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from dealml.importing.identity.sql import empty, listed, parquet, same
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.extract import Extract
from dealml.ledger.schema import CHANGES_OF, TABLES


def without_empty_cells(
    work: Workspace, extracts: Sequence[Extract], incoming: Mapping[int, Mapping[str, list[Path]]]
) -> dict[int, dict[str, list[Path]]]:
    """The facts that arrived, by number of extract and table, without the empty values that another file of today's values fills."""
    arrived = {number: dict(tables) for number, tables in incoming.items()}
    for into, name in CHANGES_OF.items():
        numbers = [number for number, tables in incoming.items() if extracts[number].into == into and name in tables]
        if len({extracts[number].file for number in numbers}) < 2:
            continue
        key = [str(TABLES[into].entity), "field"]
        for number in numbers:
            others = [path for other in numbers if extracts[other].file != extracts[number].file for path in incoming[other][name]]
            query = _WITHOUT.format(
                facts=parquet(incoming[number][name]),
                key=listed(key),
                others=parquet(others),
                is_empty=empty("f"),
                has_value=f"NOT {empty('o')}",
                same_key=same("f", "v", key),
            )
            arrived[number][name] = [work.write(query)]
    return arrived


_WITHOUT = """
    SELECT f.* FROM {facts} AS f
    WHERE NOT ({is_empty} AND EXISTS (
        SELECT 1 FROM (SELECT DISTINCT {key} FROM {others} AS o WHERE {has_value}) AS v WHERE {same_key}))"""
