"""From the rows of one extract to facts: select, parse, set the clocks, melt attributes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd
import pyarrow as pa

from dealml.importing.mapping.column import Attribute, ColumnOf, KnownSince
from dealml.importing.mapping.extract import CLOCKS_GIVEN, ENTITIES, Extract
from dealml.importing.mapping.mapping import Mapping
from dealml.importing.notes import NoteExample, Notes
from dealml.importing.parse import cells, parse, product
from dealml.importing.parsing.currencies import not_currencies
from dealml.importing.parsing.ranges import clock_problems, far_dates, number_problems
from dealml.importing.parsing.source_ids import REWRITTEN, rewritten, with_suffix
from dealml.importing.read import BROKEN, LINE
from dealml.importing.record_vocabulary import require_record_events
from dealml.importing.selection import selected_rows
from dealml.ledger.cross_section import FACTS_AT, OUTCOME_AT, OUTCOME_EVENTS
from dealml.ledger.fact_table import TYPES, FactColumn, FactTable
from dealml.ledger.schema import CHANGES_OF, TABLES

QUARANTINE = pa.schema(
    [(name, pa.string()) for name in ("file", "into")]
    + [("row", pa.int64())]
    + [(name, pa.string()) for name in ("column", "value", "reason", "kind")]
)
"""The form of refused rows; `kind` is a noun that counts them."""


_NO_END = datetime(2299, 1, 1, tzinfo=UTC)
"""Where it does not matter when the extract was taken."""


@dataclass
class ExtractedFacts:
    """The facts, and the refused rows, of one chunk of rows."""

    by_table: dict[str, pa.Table]
    """Facts of each table, with `row`, the line that each came from."""
    quarantined: pa.Table
    rows_in: int
    not_selected: int
    notes: Notes


class SourceRows:
    """The selected rows of a chunk while they are parsed; remembers the first mistake of each."""

    def __init__(
        self, chunk: pd.DataFrame, extract: Extract, mapping: Mapping, extracted_at: datetime = _NO_END, company_zone: str = "UTC"
    ) -> None:
        self.chunk, self.extract, self.mapping = chunk, extract, mapping.of(extract)
        self.extracted_at, self.company_zone, self.notes = extracted_at, company_zone, Notes()
        self.column = pd.Series(None, index=chunk.index, dtype="str")
        self.value = self.column.copy()
        self.reason = chunk[BROKEN].copy()
        self.kind = pd.Series("broken_row", index=chunk.index, dtype="str")

    def parse(self, origin: ColumnOf, kind: str, required: bool = False) -> pd.Series:
        """Parse a column; cells that cannot be understood are remembered and left empty."""
        if origin.times:
            by = ColumnOf(column=origin.times)
            return product(self._parse(origin, "factor", required), self._parse(by, "factor", required))
        return self._parse(origin, kind, required)

    def _parse(self, origin: ColumnOf, kind: str, required: bool) -> pd.Series:
        texts = cells(self.chunk, origin, self.mapping)
        parsed = parse(texts, kind, origin, self.mapping, self.company_zone)
        for note, noted in parsed.notes.items():
            self.note(note, noted.reindex(texts.index, fill_value=False), texts)
        self.refuse(parsed.bad, origin, texts, parsed.reason)
        if required:
            self.refuse(texts.isna(), origin, texts, "is empty; a value is needed", "missing_value")
        return parsed.values.mask(parsed.bad)

    def parse_clock(self, name: str) -> pd.Series:
        """Parse a clock of the facts; one that is out of range is a mistake."""
        origin = self.extract.columns[name]
        values = self.parse(origin, "time", required=True)
        for bad, reason in clock_problems(name, self.extract.into, values, self.extracted_at):
            self.refuse(bad.fillna(False), origin, cells(self.chunk, origin, self.mapping), reason, "time_out_of_range")
        return values

    def parse_date(self, origin: ColumnOf, kind: str) -> pd.Series:
        """Parse a planned date; one that is too far away stands for none."""
        values = self.parse(origin, kind)
        far = far_dates(values, self.extracted_at)
        if far.any():
            self.note("far_date", far, cells(self.chunk, origin, self.mapping))
        return values.mask(far)

    def parse_id(self, origin: ColumnOf, required: bool) -> pd.Series:
        """Parse the id of a record."""
        values = self.parse(origin, "text", required)
        if origin.column:
            self.refuse(rewritten(values), origin, values, REWRITTEN, "rewritten_id")
            self._note_continuations(values, required)
        return with_suffix(values)

    def _note_continuations(self, ids: pd.Series, required: bool) -> None:
        """Note rows of records that have no id: they may continue the row above."""
        nameless = ids.isna() & self.chunk[BROKEN].isna()
        if required and self.extract.into in ENTITIES and nameless.any():
            self.note("continuation", nameless, ids)

    def parse_currency(self, origin: ColumnOf, required: bool) -> pd.Series:
        """Parse a currency, which is one of ISO 4217."""
        values = self.parse(origin, "text", required)
        self.refuse(not_currencies(values), origin, values, "is no currency of ISO 4217, such as EUR", "unknown_currency")
        return values

    def parse_number(self, name: str, origin: ColumnOf, kind: str, required: bool = False) -> pd.Series:
        """Parse a number or an amount; one that is out of range is a mistake."""
        values = self.parse(origin, kind, required)
        for bad, reason in number_problems(self.extract.into, name, values, origin.negative):
            texts = cells(self.chunk, origin, self.mapping)
            self.refuse(bad.fillna(False).astype(bool), origin, texts, reason, "number_out_of_range")
        return values

    def note(self, kind: str, rows: pd.Series, texts: pd.Series) -> None:
        """Note something about the cells of some rows."""
        lines = zip(self.chunk[LINE][rows], texts[rows].fillna(""), strict=True)
        self.notes.add(kind, int(rows.sum()), (NoteExample(self.extract.file, int(line), str(text)[:100]) for line, text in lines))

    def refuse(self, bad: pd.Series, origin: ColumnOf, texts: pd.Series, reason: str, kind: str = "unreadable_value") -> None:
        """Remember a mistake of a kind in some rows; of several in one row the first counts."""
        first = bad & self.reason.isna()
        if not first.any():
            return
        self.column[first] = origin.column
        self.value[first] = texts[first]
        self.reason[first] = reason
        self.kind[first] = kind

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
                "kind": self.kind[bad],
            }
        )
        return pa.Table.from_pandas(frame, QUARANTINE, preserve_index=False)


def facts_of(chunk: pd.DataFrame, extract: Extract, mapping: Mapping, extracted_at: datetime, company_zone: str = "UTC") -> ExtractedFacts:
    """The facts in a chunk of an extract's rows.

    Parameters
    ----------
    chunk
        Rows as texts, from `read_chunks`.
    extracted_at
        When the facts that have no clock of their own were recorded.
    company_zone
        Where calendar days begin.
    """
    selected = chunk[selected_rows(chunk, extract, mapping)]
    rows, table = SourceRows(selected, extract, mapping, extracted_at, company_zone), TABLES[extract.into]
    values = {
        column.name: _column(rows, column, extract.columns[column.name]) for column in table.columns if column.name in extract.columns
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
    return ExtractedFacts(by_table, rows.quarantined(), len(selected), len(chunk) - len(selected), rows.notes)


def _column(rows: SourceRows, column: FactColumn, origin: ColumnOf) -> pd.Series:
    """The values of a column of the fact table."""
    if column.name in CLOCKS_GIVEN:
        return rows.parse_clock(column.name)
    if column.type == "time":
        return rows.parse_date(origin, "time")
    if column.name == "sequence":
        return rows.parse(origin, "sequence")
    if column.name.endswith("_id"):
        return rows.parse_id(origin, column.required)
    if column.type in ("number", "amount"):
        return rows.parse_number(column.name, origin, column.type, column.required)
    if column.name == "currency":
        return rows.parse_currency(origin, column.required)
    return rows.parse(origin, column.type, column.required)


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
    column, value = _value(rows, name, attribute)
    clocks = _clocks(rows, attribute, row, extracted_at)
    index = rows.chunk.index
    change = {"field": pd.Series(name, index=index, dtype="str"), column: value} | clocks
    if attribute.order:
        change["number"] = value.map({text: float(rank) for rank, text in enumerate(attribute.order, 1)}).astype("Float64")
    # An empty cell clears the attribute, but not where it is unknown since when; a cross-section shows no change.
    clears = rows.extract.empties_clear and not isinstance(attribute.known, KnownSince) and not rows.mapping.cross_section
    is_news = True if clears else value.notna()
    return change | {"present": clocks["recorded_at"].notna() & is_news}


def _value(rows: SourceRows, name: str, attribute: Attribute) -> tuple[str, pd.Series]:
    """The column of a table of changes that holds an attribute's values, and these."""
    if attribute.type in ("moment", "day"):
        return "moment", rows.parse_date(attribute, "time" if attribute.type == "moment" else "day")
    if attribute.type in ("number", "amount"):
        return attribute.type, rows.parse_number(name, attribute, attribute.type)
    if name == "currency":
        return "text", rows.parse_currency(attribute, required=False)
    return attribute.type, rows.parse(attribute, attribute.type)


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
