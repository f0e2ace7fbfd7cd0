"""Merged records in an import: what a CRM lists of an absorbed record under the surviving one afterwards is no news."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dealml.importing.identity.lives.record_events import RECORD_KINDS
from dealml.importing.identity.sql import columns_of, listed, parquet, same
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.extract import CHANGE_TABLES, ENTITIES
from dealml.ledger.schema import TABLES
from dealml.ledger.sql import literal

_NO_EVENTS = frozenset([*ENTITIES, *CHANGE_TABLES, "outcomes", "record_events"])

_IDS = pa.schema([("member_id", pa.string()), ("record_id", pa.string())])


def merged_ids(work: Workspace, pairs_of: Mapping[str, str]) -> dict[str, Path]:
    """By the column of ids, the file of the records that are merged by the extract: `member_id`, and what it is part of, `record_id`.

    Parameters
    ----------
    pairs_of
        By kind of record, the query of `record_id` and `into_id` of the merges that the extracts' rows tell of.
    """
    files = {}
    for table, kind in RECORD_KINDS.items():
        column = str(TABLES[table].entity)
        events = _MERGES.format(stored=work.stored("record_events"), kind=literal(kind), seen=work.seen)
        pairs = [row for query in (events, pairs_of.get(kind)) if query for row in work.con.sql(query).fetchall()]
        if survivors := _survivors(pairs):
            files[column] = work.new_path()
            rows = {"member_id": list(survivors), "record_id": list(survivors.values())}
            pq.write_table(pa.table(rows, _IDS), files[column])
    return files


def _survivors(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Of each merged record, the one at the end of its chain."""
    into = dict[str, str]()
    for record, survivor in pairs:
        into.setdefault(record, survivor)
    ends = {}
    for record in into:
        end, passed = into[record], {record}
        while end in into and end not in passed:  # a circle is refused at the end of the import
            passed.add(end)
            end = into[end]
        if end != record:
            ends[record] = end
    return ends


def as_merged(work: Workspace, name: str, facts: str) -> str:
    """Events under the ids of the records that are there at the extract, as a table in SQL; facts of other tables as they are."""
    return _renamed(facts, _ids_of_events(work, name))


def without_relisted(work: Workspace, name: str, fresh: str, stored: str) -> str:
    """The query of new facts without events that are on record of a record that was merged since.

    Parameters
    ----------
    fresh
        The query of the facts that are not on record word for word.
    stored
        What is on record, as a table in SQL.
    """
    ids = _ids_of_events(work, name)
    if not ids:
        return fresh
    absorbed = _absorbed(stored, ids)
    return f"SELECT f.* FROM ({fresh}) AS f WHERE NOT EXISTS (SELECT 1 FROM {absorbed} AS a WHERE {same('f', 'a', columns_of(name))})"


def with_absorbed(work: Workspace, name: str, facts: str) -> str:
    """Changes of records, and those of absorbed ones once more under the surviving one, as a table in SQL."""
    entity, columns = TABLES[name].entity, listed(columns_of(name))
    if entity not in work.merged_ids:
        return facts
    absorbed = _absorbed(facts, {entity: work.merged_ids[entity]})
    return f"(SELECT {columns} FROM {facts} UNION ALL SELECT {columns} FROM {absorbed})"


def without_merged(work: Workspace, name: str, fresh: str) -> str:
    """The query of changes without today's values of records that are part of another one by now."""
    entity = TABLES[name].entity
    if entity not in work.merged_ids:
        return fresh
    merged = f"SELECT member_id FROM {parquet([work.merged_ids[entity]])}"
    return f'SELECT * FROM ({fresh}) WHERE NOT (recorded_at = {work.seen} AND "{entity}" IN ({merged}))'


def _ids_of_events(work: Workspace, name: str) -> dict[str, Path]:
    """The merged records that a table of events speaks of. Records, their values and their outcomes are no events."""
    columns = set() if name in _NO_EVENTS else set(columns_of(name))
    return {column: path for column, path in work.merged_ids.items() if column in columns}


def _absorbed(facts: str, ids: Mapping[str, Path]) -> str:
    """The facts that name a merged record, under the surviving ones, as a table in SQL."""
    parts = [f'"{column}" IN (SELECT member_id FROM {parquet([path])})' for column, path in ids.items()]
    return _renamed(f"(SELECT * FROM {facts} WHERE {' OR '.join(parts)})", ids)


def _renamed(facts: str, ids: Mapping[str, Path]) -> str:
    if not ids:
        return facts
    joins = " ".join(f'LEFT JOIN {parquet([path])} AS of_{c} ON f."{c}" = of_{c}.member_id' for c, path in ids.items())
    named = ", ".join(f'coalesce(of_{c}.record_id, f."{c}") AS "{c}"' for c in ids)
    return f"(SELECT f.* REPLACE ({named}) FROM {facts} AS f {joins})"


_MERGES = """
    SELECT record_id, into_id FROM {stored} WHERE event = 'merged' AND kind = {kind} AND recorded_at <= {seen} AND into_id IS NOT NULL
    ORDER BY recorded_at, occurred_at, "sequence", into_id"""
