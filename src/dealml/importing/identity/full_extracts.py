"""Full extracts: which records are missing from a file that holds all of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dealml.errors import InputError
from dealml.importing.identity.sql import parquet
from dealml.importing.identity.workspace import Workspace, stem
from dealml.importing.mapping.extract import Extract
from dealml.ledger.schema import TABLES
from dealml.ledger.sql import literal

FULL_EXTRACTS = "full_extracts"
"""The file of a batch that lists the ids of each full extract."""

LISTS = pa.schema(
    [
        ("file", pa.string()),
        ("into", pa.string()),
        ("extracted_at", pa.timestamp("us", tz="UTC")),
        ("record_id", pa.string()),
        ("is_taken", pa.bool_()),
    ]
)
"""Records that a file calls deleted or merged are not listed. `is_taken`: the extract's `where` takes a row of the record."""


def records_in_lists(paths: Sequence[Path]) -> str:
    """Lists of full extracts as one table in SQL; of lists that an older dealml wrote, every record counts as taken."""
    forms: dict[str, list[Path]] = {}
    for path in paths:
        forms.setdefault("is_taken" if "is_taken" in pq.read_schema(path).names else "true", []).append(path)
    columns = 'file, "into", extracted_at, record_id'
    parts = (f"SELECT {columns}, {is_taken} AS is_taken FROM {parquet(files)}" for is_taken, files in forms.items())
    return f"({' UNION ALL '.join(parts)})"


def require_not_shrunk(work: Workspace, extract: Extract, marks: Sequence[Path]) -> None:
    """Refuse a full extract that has lost more than half of its records, or is empty.

    Raises
    ------
    InputError
        Naming the file, and how many records it holds now and held before.
    """
    now = _number_of_records(work, marks)
    before = work.number(f"SELECT count(*) FROM ({_last_ids(work, extract)})")
    if now == 0 or now * 2 < before:
        lost = f"holds {now} records where the extract before held {before}" if before else "holds no record"
        raise InputError(f"{extract.file}: {lost}, and 'full: true' says that all others are deleted; --allow-quarantine imports it")


def _number_of_records(work: Workspace, marks: Sequence[Path]) -> int:
    return work.number(f"SELECT count(DISTINCT record_id) FROM {parquet(marks)}") if marks else 0


def missing_ids(work: Workspace, extract: Extract, marks: Sequence[Path], all_marks: Sequence[Path]) -> str | None:
    """The query of the ids that the file had before and that no extract of this import into the table has.

    None where a row of the file cannot be read: its id may be one of them.
    """
    if marks and work.number(f"SELECT count(*) FROM {parquet(marks)} WHERE record_id IS NULL"):
        return None
    there = f"WHERE record_id NOT IN (SELECT record_id FROM {parquet(all_marks)} WHERE record_id IS NOT NULL)" if all_marks else ""
    return f"SELECT record_id FROM ({_ids_ever(work, extract)}) {there}"


def _last_ids(work: Workspace, extract: Extract) -> str:
    """The query of the ids that the file of that name had in its last full extract, or else ever."""
    if lists := work.fed_by(extract.file, extract.into, FULL_EXTRACTS):
        return f"{_LISTED} AND extracted_at = ({_LAST})".format(**_names(work, extract, lists))
    return _ids_ever(work, extract)


def _ids_ever(work: Workspace, extract: Extract) -> str:
    """The query of the ids in any full extract of that file, and of those of which it alone brought facts."""
    parts = ["SELECT NULL::VARCHAR AS record_id WHERE false"]
    if lists := work.fed_by(extract.file, extract.into, FULL_EXTRACTS):
        parts.append(_LISTED.format(**_names(work, extract, lists)))
    if facts := work.fed_by(extract.file, extract.into, alone=True, by_now=True):
        parts.append(f'SELECT "{TABLES[extract.into].entity}" FROM {parquet(facts)} WHERE recorded_at <= {work.seen}')
    return " UNION ".join(parts)


def _names(work: Workspace, extract: Extract, lists: Sequence[Path]) -> dict[str, str]:
    return {"lists": records_in_lists(lists), "stem": literal(stem(extract.file)), "into": literal(extract.into), "seen": work.seen}


def list_of(work: Workspace, extract: Extract, marks: Sequence[Path]) -> pa.Table:
    """The ids of a full extract, as the batch keeps them."""
    query = f"""
        SELECT {literal(stem(extract.file))} AS file, {literal(extract.into)} AS "into", {work.seen} AS extracted_at, record_id,
               bool_or(is_taken) AS is_taken
        FROM {parquet(marks)} WHERE record_id IS NOT NULL AND is_active AND into_id IS NULL GROUP BY record_id ORDER BY record_id"""
    return work.con.sql(query).to_arrow_table().cast(LISTS)


_LISTED = """SELECT DISTINCT record_id FROM {lists} WHERE file = {stem} AND "into" = {into} AND extracted_at < {seen}"""

_LAST = """SELECT max(extracted_at) FROM {lists} WHERE file = {stem} AND "into" = {into} AND extracted_at < {seen}"""
