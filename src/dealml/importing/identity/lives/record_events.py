"""Which records were deleted, restored or merged, by what the extracts of an import say of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dealml.importing.identity.sql import columns_of, listed, parquet
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.extract import Extract
from dealml.ledger.schema import TABLES
from dealml.ledger.sql import literal

RECORD_KINDS = {"deals": "deal", "accounts": "account", "contacts": "contact", "leads": "lead"}
"""The kind of record in each table of entities."""


def events_of_marks(work: Workspace, table: str, marks: Sequence[Path], missing: str | None) -> str:
    """The query of what is new about the lives of a table's records.

    - Merged: a row names the record that its record became part of. A row that is also called deleted is a merge.
    - Deleted: the rows of a record that the ledger knows are all called deleted, or it is missing from a full extract.
    - Restored: a record that was deleted stands in the file again, and not all of its rows are called deleted.

    Parameters
    ----------
    marks
        The files of the marks of every extract into the table.
    missing
        The query of the ids that a full extract lacks.
    """
    return _EVENTS.format(
        kind=literal(RECORD_KINDS[table]),
        marks=parquet(marks),
        missing=f"UNION ALL SELECT record_id, false, true, NULL, NULL, NULL FROM ({missing})" if missing else "",
        stored=work.stored("record_events"),
        entity=TABLES[table].entity,
        records=work.stored(table),
        columns=listed(columns_of("record_events")),
        seen=work.seen,
    )


def new_record_events(work: Workspace, incoming: str, fresh: str, extract: Extract) -> str:
    """The query of the record events that an extract tells by itself (`into: record_events`) and that are new.

    Without a time of recording an event is new when it is not the last that the ledger has of the record.
    """
    if "recorded_at" in extract.columns:
        return fresh
    return _TOLD.format(incoming=incoming, stored=work.stored("record_events"), columns=listed(columns_of("record_events")), seen=work.seen)


# A deletion that the file dates before the last event of the record is one of the extract.
_EVENTS = """
    WITH marks AS (SELECT * FROM {marks} WHERE record_id IS NOT NULL),
    records AS (
        SELECT record_id, bool_or(is_active) AS is_active, bool_or(is_deleted) AS is_deleted,
               min(deleted_at) FILTER (is_deleted) AS deleted_at, min(into_id) AS into_id, min(merged_at) AS merged_at
        FROM marks GROUP BY record_id {missing}),
    states AS (
        SELECT record_id, max(recorded_at) AS since,
               arg_max(struct_pack(event, into_id), struct_pack(recorded_at, occurred_at, "sequence", event, into_id)) AS state
        FROM {stored} WHERE kind = {kind} AND recorded_at <= {seen} GROUP BY record_id),
    on_record AS (SELECT DISTINCT {entity} AS record_id, true AS is_on_record FROM {records} WHERE recorded_at <= {seen}),
    judged AS (
        SELECT records.*, since, CASE
            WHEN into_id IS NOT NULL THEN
                if(state.event = 'merged' AND state.into_id = records.into_id, NULL, 'merged')
            WHEN is_active THEN if(state.event = 'deleted', 'restored', NULL)
            WHEN is_deleted AND is_on_record AND coalesce(state.event, 'restored') = 'restored' THEN 'deleted'
        END AS event
        FROM records LEFT JOIN states USING (record_id) LEFT JOIN on_record USING (record_id)),
    dated AS (
        SELECT *, CASE event WHEN 'merged' THEN merged_at WHEN 'deleted' THEN deleted_at END AS dated_at
        FROM judged WHERE event IS NOT NULL),
    news AS (
        SELECT record_id, {kind} AS kind, event, if(event = 'merged', into_id, NULL) AS into_id,
               if(dated_at <= {seen} AND (since IS NULL OR dated_at > since), dated_at, {seen}) AS recorded_at
        FROM dated)
    SELECT {columns}, NULL::BIGINT AS "row" FROM (SELECT *, recorded_at AS occurred_at, NULL::BIGINT AS "sequence" FROM news)"""

_TOLD = """
    WITH incoming AS (SELECT {columns}, min("row") AS "row" FROM {incoming} GROUP BY {columns}),
    states AS (
        SELECT record_id, kind,
               arg_max(struct_pack(event, into_id), struct_pack(recorded_at, occurred_at, "sequence", event, into_id)) AS state
        FROM {stored} WHERE recorded_at <= {seen} GROUP BY ALL)
    SELECT incoming.* FROM incoming LEFT JOIN states USING (record_id, kind)
    WHERE state IS NULL OR NOT (incoming.event = state.event AND incoming.into_id IS NOT DISTINCT FROM state.into_id)"""
