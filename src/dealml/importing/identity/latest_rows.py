"""Of several rows of one record in one extract, the latest by a declared column."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa

from dealml.importing.identity.sql import parquet
from dealml.importing.mapping.column import ColumnOf
from dealml.importing.mapping.extract import Extract
from dealml.importing.mapping.mapping import Mapping
from dealml.importing.parse import cells, parse
from dealml.importing.read import BROKEN, LINE
from dealml.importing.source_rows import SourceRows
from dealml.ledger.schema import TABLES

LATEST = pa.schema(
    [("record", pa.string()), ("row", pa.int64()), ("time", pa.timestamp("us", tz="UTC")), ("number", pa.int64()), ("text", pa.string())]
)


def latest_of(chunk: pd.DataFrame, extract: Extract, mapping: Mapping, company_zone: str = "UTC") -> pa.Table:
    """What orders the rows of a chunk: a time, else a whole number, else a text in the order of its characters.

    The rows that `where` leaves out take part too: a deal whose latest row is open is not won, and one whose latest row is
    flagged as deleted is.
    """
    order, entity = ColumnOf(column=extract.latest), TABLES[extract.into].entity
    rows = chunk[chunk[BROKEN].isna()]
    source = SourceRows(rows, extract, mapping)
    texts = cells(rows, order, mapping)
    columns = {
        "record": source.parse_id(extract.columns[entity], required=False),
        "row": rows[LINE],
        "time": parse(texts, "time", order, mapping, company_zone).values.dt.tz_convert("UTC"),
        "number": parse(texts, "integer", order, mapping).values.astype("Int64"),
        "text": texts,
    }
    return pa.Table.from_pandas(pd.DataFrame(columns), LATEST, preserve_index=False)


def superseded_rows(paths: Sequence[Path]) -> str:
    """The query of the rows that a later row of the same record supersedes."""
    return _SUPERSEDED.format(rows=parquet(paths))


_SUPERSEDED = """
    SELECT "row" FROM {rows} WHERE record IS NOT NULL
    QUALIFY rank() OVER (PARTITION BY record ORDER BY "time" DESC NULLS LAST, "number" DESC NULLS LAST, "text" DESC NULLS LAST) > 1"""
