"""Rows of one extract that cannot all be right, and that nothing puts in order: both are refused.

- Two rows of one record, of which the mapped cells differ, where a file holds one row for each record: deals, accounts and
  contacts, and outcomes from a file that feeds deals too.
- Two rows of a history that give an attribute another value at the same clocks and in the same place of the sequence,
  unless both values stand in a declared order.
- Won and lost at the same clocks and in the same place of the sequence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from dealml.importing.identity.sql import VALUES, columns_of, in_declared_order, listed, packed, parquet
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.extract import CHANGE_TABLES, ENTITIES, Extract
from dealml.ledger.schema import TABLES
from dealml.ledger.sql import literal

Incoming = Mapping[str, Sequence[Path]]
"""The files of an extract's facts by table, each fact with its `row`."""

CONTRADICTION = "contradiction"
"""The kind of such rows."""


def contradicting_rows(work: Workspace, extract: Extract, incoming: Incoming) -> Path | None:
    """The file of the rows that contradict another row of the extract, as they go to the quarantine; None where there are none."""
    if extract.into not in incoming or work.mapping.cross_section:
        return None
    facts = parquet(incoming[extract.into])
    if _holds_records(work, extract):
        return _two_rows_of_one_record(work, extract, incoming, facts)
    if extract.into in CHANGE_TABLES:
        return _two_values_at_once(work, extract, facts)
    return _two_outcomes_at_once(work, extract, facts) if extract.into == "outcomes" else None


def is_current_state(work: Workspace, file: str) -> bool:
    """Whether a file holds one row for each deal, with what is true of it today."""
    return any(e.file == file and e.into == "deals" and e.keep == "all" for e in work.mapping.extracts)


def _holds_records(work: Workspace, extract: Extract) -> bool:
    if extract.into in ENTITIES:
        return extract.keep == "all"
    return extract.into == "outcomes" and is_current_state(work, extract.file)


def _two_rows_of_one_record(work: Workspace, extract: Extract, incoming: Incoming, facts: str) -> Path | None:
    entity = TABLES[extract.into].entity
    twice = f'SELECT "{entity}" FROM {facts} GROUP BY 1 HAVING count(*) > 1'
    if not work.number(f"SELECT count(*) FROM ({twice})"):
        return None
    work.con.execute(f'CREATE OR REPLACE TEMP TABLE twice AS SELECT "{entity}" AS record, "row" FROM {facts} WHERE "{entity}" IN ({twice})')
    cells = " UNION ALL ".join(_CELLS.format(facts=parquet(paths), cell=packed(columns_of(name))) for name, paths in incoming.items())
    hint = "" if extract.latest else "; 'latest: COLUMN' would say which is the later"
    return _refused(work, extract, _RECORDS.format(cells=cells), f"differs from row {{other}}, which is of the same record{hint}")


_CELLS = """SELECT "row", {cell}::VARCHAR AS cell FROM {facts} WHERE "row" IN (SELECT "row" FROM twice)"""

_RECORDS = """
    SELECT record, record AS name, "row", string_agg(cell, chr(10) ORDER BY cell) AS content
    FROM twice JOIN ({cells}) USING ("row") GROUP BY ALL"""


def _two_values_at_once(work: Workspace, extract: Extract, facts: str) -> Path | None:
    key = [TABLES[extract.into].entity, "field", "occurred_at", "recorded_at", "sequence"]
    # Digests first: they need a fraction of the memory, and most histories hold no such rows.
    ties = _TIES.format(key=listed(key), values=listed(VALUES), facts=facts)
    if not work.number(f"SELECT count(*) FROM ({ties})"):
        return None
    rows = _VALUES.format(
        record=packed(key), key=listed(key), entity=key[0], value=packed(VALUES), ordered=in_declared_order("f"), facts=facts, ties=ties
    )
    return _refused(
        work, extract, rows, "gives another value than row {other} for the same moment, and no sequence tells which is the later"
    )


_TIES = """SELECT k FROM (SELECT hash({key}) AS k, hash({values}) AS v FROM {facts}) GROUP BY k HAVING min(v) <> max(v)"""

# A row may give an attribute several values, and another row the same ones.
_VALUES = """
    SELECT {record} AS record, {entity} AS name, "row",
           array_to_string(list_sort(list(DISTINCT {value}::VARCHAR)), chr(10)) AS content
    FROM (SELECT *, bool_and({ordered}) OVER (PARTITION BY {key}) AS ordered
          FROM {facts} AS f WHERE hash({key}) IN ({ties}))
    WHERE NOT ordered GROUP BY ALL"""


def _two_outcomes_at_once(work: Workspace, extract: Extract, facts: str) -> Path | None:
    key = ["deal_id", "occurred_at", "recorded_at", "sequence"]
    rows = f"SELECT {packed(key)} AS record, deal_id AS name, \"row\", outcome AS content FROM {facts} WHERE outcome IN ('won', 'lost')"
    return _refused(
        work, extract, rows, "gives another outcome than row {other} for the same moment, and no sequence tells which is the later"
    )


def _refused(work: Workspace, extract: Extract, rows: str, reason: str) -> Path | None:
    """The file of a query's rows that share their `record` with a row of other `content`; `reason` names the first such row."""
    origin = extract.columns[TABLES[extract.into].entity]
    before, _, after = reason.partition("{other}")
    query = _REFUSED.format(
        rows=rows,
        file=literal(extract.file),
        into=literal(extract.into),
        column=literal(origin.column or ", ".join(origin.id_columns)),
        before=literal(before),
        after=literal(after),
        kind=literal(CONTRADICTION),
    )
    refused = work.write(query)
    return refused if work.rows(refused) else None


_REFUSED = """
    WITH rows AS (SELECT DISTINCT record, name, "row", content FROM ({rows})),
    firsts AS (SELECT record, arg_min(content, "row") AS first_content, min("row") AS first_row FROM rows GROUP BY record),
    others AS (SELECT record, first_content, first_row, min("row") AS other_row FROM rows JOIN firsts USING (record)
               WHERE content <> first_content GROUP BY ALL)
    SELECT {file} AS file, {into} AS "into", "row", {column} AS "column", min(name) AS value,
           {before} || min(if(content = first_content, other_row, first_row)) || {after} AS reason, {kind} AS kind
    FROM rows JOIN others USING (record) GROUP BY "row" ORDER BY "row\""""
