"""The rows of a chunk are parsed column by column; of several mistakes in a row the first is told."""

from __future__ import annotations

import pandas as pd

from dealml.importing.mapping.column import ColumnOf
from dealml.importing.mapping.mapping import Mapping
from dealml.importing.read import BROKEN, LINE
from dealml.importing.source_rows import SourceRows

MAPPING = Mapping.model_validate(
    {"dealml": 1, "extracts": [{"file": "f", "into": "deals", "columns": {"deal_id": "id", "occurred_at": "at"}}]}
)


def rows() -> SourceRows:
    """Three rows, of which the last one is broken."""
    cells = {"id": ["D1", "", "D3"], "n": ["x", "y", "3"], BROKEN: [None, None, "is no row"]}
    return SourceRows(pd.DataFrame(cells, dtype="str").assign(**{LINE: [2, 3, 4]}), MAPPING.extracts[0], MAPPING)


def test_the_first_mistake_of_a_row_counts() -> None:
    source = rows()
    source.parse_id(ColumnOf(column="id"), required=True)
    source.parse_number("n", ColumnOf(column="n"), "number")
    assert [(row["row"], row["column"], row["value"], row["kind"]) for row in source.quarantined().to_pylist()] == [
        (2, "n", "x", "unreadable_value"),
        (3, "id", None, "missing_value"),
        (4, None, None, "broken_row"),
    ]
    assert not source.good.any()


def test_a_row_without_an_id_is_noted_as_one_that_may_continue_the_row_above() -> None:
    source = rows()
    source.parse_id(ColumnOf(column="id"), required=True)
    assert [(note.kind, note.count, note.examples[0].row) for note in source.notes.listed] == [("continuation", 1, 3)]
