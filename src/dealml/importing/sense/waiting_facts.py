"""Orphans wait: the import that brings their deal or account brings them in, so that the order of imports makes no difference.

A batch keeps its orphans, each with the record that it lacks, in files of its own. Facts without a time of recording do not
wait: it is their extract that dates them, and the next full extract holds them again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from dealml.importing.identity.lives.record_events import RECORD_KINDS
from dealml.importing.identity.sql import columns_of, listed, parquet
from dealml.importing.identity.workspace import Workspace
from dealml.importing.sense.orphans import REFERENCES
from dealml.importing.sense.senseless_rows import SenselessRows
from dealml.ledger.fact_files import stored_facts
from dealml.ledger.schema import TABLES
from dealml.ledger.sql import literal

PREFIX = "waiting_"
"""How the names of a batch's files of waiting facts begin; the fact table follows."""


class WaitingFacts:
    """The orphans of this import, and those that earlier batches keep."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._files: dict[str, list[Path]] = {}

    def add(self, finding: SenselessRows, rows: str) -> None:
        """Let the facts of some rows wait.

        Parameters
        ----------
        rows
            The table in SQL that holds each `row`, and the missing id as `value`.
        """
        if not self._work.mapping.cross_section and "recorded_at" not in finding.facts.extract.columns:
            return
        for name, path in finding.facts.files.items():
            facts = f"""
                SELECT {listed(columns_of(name), "f")}, {literal(finding.about)} AS missing_from, r.value AS missing_id
                FROM {parquet([path])} AS f JOIN {rows} AS r USING ("row")"""
            self._files.setdefault(name, []).append(self._work.write(facts))

    def tables(self) -> dict[str, pa.RecordBatchReader]:
        """What a batch keeps of this import's orphans, by the name of the file."""
        return {PREFIX + name: self._reader(name, files) for name, files in sorted(self._files.items())}

    def _reader(self, name: str, files: list[Path]) -> pa.RecordBatchReader:
        fields = [*TABLES[name].schema, *(pa.field(added, pa.string()) for added in ("missing_from", "missing_id"))]
        schema = pa.schema(fields)
        return pa.RecordBatchReader.from_batches(schema, self._ordered(files, schema))

    def _ordered(self, files: list[Path], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        query = f"SELECT {listed(schema.names)} FROM {parquet(files)} ORDER BY ALL"
        for batch in self._work.con.sql(query).to_arrow_reader(100_000):
            yield batch.cast(schema)

    def come_in(self, merged: dict[str, str]) -> int:
        """Add the facts whose record this import brought; how many there were.

        Parameters
        ----------
        merged
            By table of entities: the query of the ids in merges that are not on record yet.
        """
        published = {name: files for name in TABLES if (files := self._work.published(PREFIX + name))}
        return sum(self._of_table(table, published, merged) for table in REFERENCES.values()) if published else 0

    def _of_table(self, table: str, published: dict[str, list[Path]], merged: dict[str, str]) -> int:
        """Add the facts that lacked a record of a table: accounts come before deals, which may have waited themselves."""
        self._work.con.execute(f"CREATE OR REPLACE TEMP TABLE arrived_records AS {arrived_ids(self._work, table, merged)}")
        number = 0
        for name, files in published.items():
            columns = listed(columns_of(name))
            waiting = stored_facts(TABLES[name], files)
            ready = f"SELECT {columns} FROM {waiting} SEMI JOIN arrived_records ON id = missing_id WHERE missing_from = {literal(table)}"
            if self._work.number(f"SELECT count(*) FROM ({ready})"):
                path = self._work.add(name, _NEW.format(columns=columns, ready=ready, stored=self._work.stored(name)))
                number += self._work.number(f"SELECT count(*) FROM {parquet([path])}")
        return number


def arrived_ids(work: Workspace, table: str, merged: dict[str, str]) -> str:
    """The query of the ids of a table's records that this import brought."""
    events = f"(SELECT * FROM {work.in_import('record_events')} WHERE kind = {literal(RECORD_KINDS[table])})"
    parts = [
        f'SELECT "{TABLES[table].entity}" AS id FROM {work.in_import(table)}',
        f"SELECT unnest([record_id, into_id]) FROM {events}",
        *([merged[table]] if table in merged else []),
    ]
    return " UNION ".join(parts)


_NEW = """SELECT {columns}, NULL::BIGINT AS "row" FROM ({ready} EXCEPT SELECT {columns} FROM {stored})"""
