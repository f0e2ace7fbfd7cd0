"""What the rows of a file say about the life of their records: there, deleted, or part of another one."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from dealml.importing.mapping.column import ColumnOf
from dealml.importing.mapping.extract import RECORDS, Extract
from dealml.importing.mapping.mapping import Mapping
from dealml.importing.parse import cells
from dealml.importing.read import BROKEN, LINE
from dealml.importing.selection import rows_where
from dealml.importing.source_rows import SourceRows
from dealml.ledger.schema import TABLES

_DELETION = frozenset(["isdeleted", "fivetrandeleted", "deleted"])
_ACTIVITY = frozenset(["fivetranactive"])
_TRUE, _FALSE = frozenset(["true", "t", "yes", "1"]), frozenset(["false", "f", "no", "0"])

MARKS = pa.schema(
    [
        ("row", pa.int64()),
        ("record_id", pa.string()),
        ("is_active", pa.bool_()),
        ("is_deleted", pa.bool_()),
        ("is_taken", pa.bool_()),
        ("deleted_at", pa.timestamp("us", tz="UTC")),
        ("into_id", pa.string()),
        ("merged_at", pa.timestamp("us", tz="UTC")),
    ]
)
"""`is_active`: no flag calls the row deleted. `is_deleted`: a flag does, and the extract would take the row otherwise.
`is_taken`: the extract takes the row. A row that cannot be read has no `record_id`."""


def follows_records(extract: Extract) -> bool:
    """Whether an extract tells of the lives of its records."""
    tells = extract.deleted or extract.merged_into or extract.full or deletion_flags(extract)
    return extract.into in RECORDS and extract.keep == "all" and bool(tells)


def deletion_flags(extract: Extract) -> list[str]:
    """The columns in `where` that are a CRM's or a connector's mark of deleted records."""
    return [column for column in extract.where if _spelled(column) in _DELETION | _ACTIVITY]


def record_marks(chunk: pd.DataFrame, extract: Extract, mapping: Mapping, company_zone: str = "UTC") -> pa.Table:
    """The marks of a chunk's rows, whether or not `where` takes them."""
    rows = SourceRows(chunk, extract, mapping, company_zone=company_zone)
    flagged = _flagged(chunk, extract, mapping)
    flags = deletion_flags(extract)
    otherwise_taken = rows_where(chunk, ((c, w) for c, w in extract.where.items() if c not in flags), mapping)
    columns = {
        "row": chunk[LINE],
        "record_id": rows.parse_id(extract.columns[TABLES[extract.into].entity], required=False).mask(chunk[BROKEN].notna()),
        "is_active": ~flagged,
        "is_deleted": flagged & otherwise_taken,
        "is_taken": ~flagged & otherwise_taken,
        "deleted_at": _parsed(rows, extract.deleted_at, "time"),
        "into_id": rows.parse_id(extract.merged_into, required=False) if extract.merged_into else None,
        "merged_at": _parsed(rows, extract.merged_at, "time"),
    }
    return pa.Table.from_pandas(pd.DataFrame(columns, index=chunk.index), MARKS, preserve_index=False)


def _parsed(rows: SourceRows, origin: ColumnOf | None, kind: str) -> pd.Series | None:
    return rows.parse(origin, kind) if origin else None


def _flagged(chunk: pd.DataFrame, extract: Extract, mapping: Mapping) -> pd.Series:
    """Which rows are called deleted: by `deleted`, or by a flag that `where` keeps out."""
    flagged = pd.Series(False, index=chunk.index)
    if extract.deleted:
        flagged |= rows_where(chunk, extract.deleted.items(), mapping)
    for column in deletion_flags(extract):
        texts = cells(chunk, ColumnOf(column=column), mapping).str.lower()
        says_so = texts.isin(_TRUE if _spelled(column) in _DELETION else _FALSE)
        flagged |= says_so & ~rows_where(chunk, [(column, extract.where[column])], mapping)
    return flagged


def _spelled(column: str) -> str:
    """A column's name without case and underscores, so that CamelCase and snake_case are the same."""
    return column.lower().replace("_", "")
