"""From the rows of one extract to facts: select, parse, set the clocks, melt attributes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import pyarrow as pa

from dealml.importing.mapping.column import Attribute, ColumnOf, KnownSince
from dealml.importing.mapping.extract import CLOCKS_GIVEN, Extract
from dealml.importing.mapping.mapping import Mapping
from dealml.importing.parse import cells, parse, product
from dealml.importing.read import BROKEN, LINE
from dealml.importing.record_vocabulary import require_record_events
from dealml.importing.selection import selected_rows
from dealml.ledger.cross_section import FACTS_AT, OUTCOME_AT, OUTCOME_EVENTS
from dealml.ledger.fact_table import TYPES, FactTable
from dealml.ledger.schema import CHANGES_OF, TABLES

QUARANTINE = pa.schema(
    [(name, pa.string()) for name in ("file", "into")]
    + [("row", pa.int64())]
    + [(name, pa.string()) for name in ("column", "value", "reason")]
)


@dataclass
class ExtractedFacts:
    """The facts, and the refused rows, of one chunk of rows."""

    by_table: dict[str, pa.Table]
    """Facts of each table, with `row`, the line that each came from."""
    quarantined: pa.Table
    rows_in: int
    not_selected: int


class SourceRows:
    """The selected rows of a chunk while they are parsed; remembers the first mistake of each."""

    def __init__(self, chunk: pd.DataFrame, extract: Extract, mapping: Mapping) -> None:
        self.chunk, self.extract, self.mapping = chunk, extract, mapping
        self.column = pd.Series(None, index=chunk.index, dtype="str")
        self.value = self.column.copy()
        self.reason = chunk[BROKEN].copy()

    def parse(self, origin: ColumnOf, kind: str, required: bool = False) -> pd.Series:
        """Parse a column; cells that cannot be understood are remembered and left empty."""
        if origin.times:
            by = ColumnOf(column=origin.times)
            return product(self._parse(origin, "factor", required), self._parse(by, "factor", required))
        return self._parse(origin, kind, required)

    def _parse(self, origin: ColumnOf, kind: str, required: bool) -> pd.Series:
        texts = cells(self.chunk, origin, self.mapping)
        parsed = parse(texts, kind, origin, self.mapping)
        self.refuse(parsed.bad, origin, texts, parsed.reason)
        if required:
            self.refuse(texts.isna(), origin, texts, "is empty; a value is needed")
        return parsed.values.mask(parsed.bad)

    def refuse(self, bad: pd.Series, origin: ColumnOf, texts: pd.Series, reason: str) -> None:
        """Remember a mistake in some rows; of several in one row the first counts."""
        first = bad & self.reason.isna()
        if not first.any():
            return
        self.column[first] = origin.column
        self.value[first] = texts[first]
        self.reason[first] = reason

    @property
    def good(self) -> pd.Series:
        """Which rows hold no mistake."""
        return self.reason.isna()

    def quarantined(self) -> pa.Table:
        """The rows that hold a mistake, with where and why."""
        bad = ~self.good
        frame = pd.DataFrame(
            {
                "file": self.extract.file,
                "into": self.extract.into,
                "row": self.chunk[LINE][bad],
                "column": self.column[bad],
                "value": self.value[bad],
                "reason": self.reason[bad],
            }
        )
        return pa.Table.from_pandas(frame, QUARANTINE, preserve_index=False)


def facts_of(chunk: pd.DataFrame, extract: Extract, mapping: Mapping, extracted_at: datetime) -> ExtractedFacts:
    """The facts in a chunk of an extract's rows.

    Parameters
    ----------
    chunk
        Rows as texts, from `read_chunks`.
    extracted_at
        When the facts that have no clock of their own were recorded.
    """
    selected = chunk[selected_rows(chunk, extract, mapping)]
    rows, table = SourceRows(selected, extract, mapping), TABLES[extract.into]
    values = {
        column.name: rows.parse(extract.columns[column.name], column.type, column.required)
        for column in table.columns
        if column.name in extract.columns
    }
    if mapping.cross_section:
        values |= dict.fromkeys(CLOCKS_GIVEN, _undated(extract.into, values, selected.index))
    values.setdefault("recorded_at", _at(extracted_at, selected.index))
    if extract.into == "record_events":
        values.setdefault("occurred_at", values["recorded_at"])
        require_record_events(rows, values)
    changes = [
        _change(rows, name, attribute, values, extracted_at) for name, attribute in extract.attributes.items() if attribute.known != "never"
    ]
    by_table = {} if extract.melts else {extract.into: _arrow(table, values, rows)}
    if changes:
        target = TABLES[CHANGES_OF.get(extract.into, extract.into)]
        entity = {target.entity: values[target.entity]}
        by_table[target.name] = pa.concat_tables(_arrow(target, entity | change, rows, present=change["present"]) for change in changes)
    return ExtractedFacts(by_table, rows.quarantined(), len(selected), len(chunk) - len(selected))


def used_columns(extract: Extract) -> list[str]:
    """The columns of the file that an extract uses, each once."""
    origins: list[ColumnOf] = [*extract.columns.values(), *extract.attributes.values()]
    origins += [origin for origin in (extract.deleted_at, extract.merged_into, extract.merged_at) if origin]
    since_columns = [a.known.column for a in extract.attributes.values() if isinstance(a.known, KnownSince)]
    ids = [name for origin in origins for name in origin.id_columns]
    latest = [extract.latest] if extract.latest else []
    named = [*(o.column for o in origins if o.column), *(o.times for o in origins if o.times)]
    return list(dict.fromkeys([*extract.where, *named, *since_columns, *ids, *latest, *extract.deleted]))


def identified_by_content(extract: Extract) -> bool:
    """Whether a row's content is its id."""
    return any(origin.row == "content" for origin in extract.columns.values())


def _undated(table: str, values: dict[str, pd.Series], index: pd.Index) -> pd.Series:
    """The nominal moments of a cross-section's rows."""
    moments = _at(OUTCOME_AT if table == "outcomes" else FACTS_AT, index)
    if table == "subscriptions":
        moments[values["event"].isin(OUTCOME_EVENTS)] = pd.Timestamp(OUTCOME_AT)
    return moments


def _at(moment: datetime, index: pd.Index) -> pd.Series:
    return pd.Series(pd.Timestamp(moment), index=index, dtype="datetime64[us, UTC]")


def _change(rows: SourceRows, name: str, attribute: Attribute, row: dict[str, pd.Series], extracted_at: datetime) -> dict[str, pd.Series]:
    """One attribute's changes: its value in the column of its type, and its clocks."""
    kind = "time" if attribute.type == "moment" else attribute.type
    value = rows.parse(attribute, kind)
    clocks = _clocks(rows, attribute, row, extracted_at)
    index = rows.chunk.index
    change = {"field": pd.Series(name, index=index, dtype="str"), attribute.type: value} | clocks
    if attribute.order:
        change["number"] = value.map({text: float(rank) for rank, text in enumerate(attribute.order, 1)}).astype("Float64")
    return change | {"present": value.notna() & clocks["recorded_at"].notna()}


def _clocks(rows: SourceRows, attribute: Attribute, row: dict[str, pd.Series], extracted_at: datetime) -> dict[str, pd.Series]:
    row_clocks: dict[str, pd.Series] = {name: row[name] for name in ("occurred_at", "recorded_at", "sequence") if name in row}
    if rows.extract.into not in CHANGES_OF or attribute.known == "created":
        return row_clocks
    if isinstance(attribute.known, KnownSince):
        known_since = rows.parse(ColumnOf(column=attribute.known.column, format=attribute.known.format), "time")
        return {"occurred_at": known_since, "recorded_at": known_since}
    return {"occurred_at": _at(extracted_at, rows.chunk.index), "recorded_at": _at(extracted_at, rows.chunk.index)}


def _arrow(table: FactTable, values: dict[str, pd.Series], rows: SourceRows, present: pd.Series | None = None) -> pa.Table:
    keep = rows.good if present is None else rows.good & present
    lines = rows.chunk[LINE][keep]
    columns = [
        _typed(values[c.name][keep], TYPES[c.type]) if c.name in values else pa.nulls(len(lines), TYPES[c.type]) for c in table.columns
    ]
    return pa.table([*columns, pa.array(lines, pa.int64())], names=[*(c.name for c in table.columns), "row"])


def _typed(values: pd.Series, kind: pa.DataType) -> pa.Array:
    plain = values.dt.tz_convert(None).to_numpy() if pa.types.is_timestamp(kind) else values
    return pa.array(plain, kind, from_pandas=True)
