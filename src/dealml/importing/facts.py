"""From the rows of one extract to facts: select, parse, set the clocks, melt attributes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dealml.importing.mapping.column import Attribute, ColumnOf, KnownSince
from dealml.importing.mapping.extract import CLOCKS_GIVEN, RECORDS, Extract
from dealml.importing.mapping.mapping import Mapping
from dealml.importing.notes import Notes
from dealml.importing.parsing.amount_limits import AmountLimits
from dealml.importing.read import LINE
from dealml.importing.record_vocabulary import require_record_events
from dealml.importing.selection import selected_rows
from dealml.importing.source_rows import SourceRows
from dealml.ledger.cross_section import FACTS_AT, OUTCOME_AT, OUTCOME_EVENTS
from dealml.ledger.fact_table import TYPES, FactColumn, FactTable
from dealml.ledger.schema import CHANGES_OF, TABLES

_LIMITS = AmountLimits()


@dataclass
class ExtractedFacts:
    """The facts, and the refused rows, of one chunk of rows."""

    by_table: dict[str, pa.Table]
    """Facts of each table, with `row`, the line that each came from."""
    quarantined: pa.Table
    rows_in: int
    not_selected: int
    notes: Notes


def facts_of(
    chunk: pd.DataFrame,
    extract: Extract,
    mapping: Mapping,
    extracted_at: datetime,
    company_zone: str = "UTC",
    limits: AmountLimits = _LIMITS,
) -> ExtractedFacts:
    """The facts in a chunk of an extract's rows.

    Parameters
    ----------
    chunk
        Rows as texts, from `read_chunks`.
    extracted_at
        When the facts that have no clock of their own were recorded.
    company_zone
        Where calendar days begin.
    limits
        The largest amounts of deals.
    """
    selected = chunk[selected_rows(chunk, extract, mapping)]
    rows, table = SourceRows(selected, extract, mapping, extracted_at, company_zone, limits), TABLES[extract.into]
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
    if origin.split:
        return rows.parse_pieces(origin, column.name.endswith("_id"), column.required)
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


def records_go_by_content(extract: Extract) -> bool:
    """Whether the records of an extract, not their facts, have the content of their rows as ids: a row that changes is another record."""
    return extract.into in RECORDS and extract.columns[str(TABLES[extract.into].entity)].row == "content"


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
        change["number"] = _ranks(value, attribute.order)
    # An empty cell clears the attribute, but not where it is unknown since when; a cross-section shows no change.
    clears = rows.extract.empties_clear and not isinstance(attribute.known, KnownSince) and not rows.mapping.cross_section
    is_news = True if clears else value.notna()
    return change | {"present": clocks["recorded_at"].notna() & is_news}


def _value(rows: SourceRows, name: str, attribute: Attribute) -> tuple[str, pd.Series]:
    """The column of a table of changes that holds an attribute's values, and these."""
    if attribute.split:
        return "text", rows.parse_pieces(attribute)
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
    return _one_row_each(pa.table([*columns, pa.array(lines, pa.int64())], names=[*(c.name for c in table.columns), "row"]))


def _ranks(values: pd.Series, order: tuple[str, ...]) -> pd.Series:
    """The places of texts, or of each text of a list, in a declared order."""
    ranks = {text: float(rank) for rank, text in enumerate(order, 1)}
    if values.dtype != object:
        return values.map(ranks).astype("Float64")
    return values.map(lambda pieces: [ranks.get(piece) for piece in pieces], na_action="ignore")


def _one_row_each(facts: pa.Table) -> pa.Table:
    """Facts whose cells may hold several values with a row for each of these."""
    lists = [field.name for field in facts.schema if pa.types.is_list(field.type)]
    if not lists:
        return facts
    parents = pc.list_parent_indices(facts[lists[0]].combine_chunks())
    return pa.table(
        {
            name: pc.list_flatten(column) if name in lists else column.take(parents)
            for name, column in zip(facts.column_names, facts.columns, strict=True)
        }
    )


def _typed(values: pd.Series, kind: pa.DataType) -> pa.Array:
    if values.dtype == object:
        return pa.array([pieces if isinstance(pieces, list) else [None] for pieces in values], pa.list_(kind))
    plain = values.dt.tz_convert(None).to_numpy() if pa.types.is_timestamp(kind) else values
    return pa.array(plain, kind, from_pandas=True)
