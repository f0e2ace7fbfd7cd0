"""The lives of records in an import: what its extracts say of them together becomes record events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dealml.importing.identity.full_extracts import list_of, missing_ids, require_not_shrunk
from dealml.importing.identity.lives.merge_cycles import require_no_cycle
from dealml.importing.identity.lives.record_events import RECORD_KINDS, events_of_marks
from dealml.importing.identity.lives.record_marks import follows_records, record_marks
from dealml.importing.identity.sql import parquet
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.extract import Extract


class RecordLives:
    """Gathers the marks of records, extract by extract; most mappings have none, and then nothing is done."""

    def __init__(self, work: Workspace, extracts: Sequence[Extract]) -> None:
        self._work = work
        followed = {number: extract for number, extract in enumerate(extracts) if follows_records(extract)}
        self._followed = {} if work.mapping.cross_section else followed
        self._marks: dict[int, list[Path]] = {number: [] for number in self._followed}

    def look_at(self, number: int, chunk: pd.DataFrame) -> None:
        """Take in a chunk of an extract, all its rows."""
        if number in self._followed:
            files = self._marks[number]
            files.append(self._work.folder / f"marks-{number}-{len(files)}.parquet")
            pq.write_table(record_marks(chunk, self._followed[number], self._work.mapping, self._work.company_zone), files[-1])

    def leave_out(self, number: int, rows: str) -> None:
        """Forget what rows of an extract say, given as a query of their `row`: a later row of the same record says otherwise."""
        if files := self._marks.get(number):
            self._marks[number] = [self._work.write(f'SELECT * FROM {parquet(files)} WHERE "row" NOT IN ({rows})')]

    def conclude(self, allow_shrunk: bool) -> Counter[int]:
        """Add the record events that all extracts together tell; how many, by the number of the first extract of their records.

        Raises
        ------
        InputError
            When records were merged in a circle, or a full extract has lost most of its records and that is not allowed.
        """
        if not allow_shrunk:
            for number, extract in self._full():
                require_not_shrunk(self._work, extract, self._marks[number])
        derived: Counter[int] = Counter()
        for table in RECORD_KINDS:
            if files := self._marks_of(table):
                events = self._work.add("record_events", events_of_marks(self._work, table, files, self._missing(table, files)))
                derived[next(number for number, extract in self._followed.items() if extract.into == table)] += self._work.rows(events)
        if "record_events" in self._work.new_files:
            merges = f"SELECT DISTINCT kind, record_id, into_id FROM {self._work.stored('record_events')} WHERE event = 'merged'"
            require_no_cycle(self._work.con.sql(merges).fetchall())
        return derived

    def merges(self) -> dict[str, str]:
        """By table: the query of the ids in what the extracts of this import say of merges."""
        files = {table: self._marks_of(table) for table in RECORD_KINDS}
        query = "SELECT unnest([record_id, into_id]) FROM {marks} WHERE record_id IS NOT NULL AND into_id IS NOT NULL"
        return {table: query.format(marks=parquet(marks)) for table, marks in files.items() if marks}

    def merged_pairs(self) -> dict[str, str]:
        """By kind of record: the query of `record_id` and `into_id` of the merges that the extracts of this import tell of."""
        files = {kind: self._marks_of(table) for table, kind in RECORD_KINDS.items()}
        query = "SELECT record_id, min(into_id) AS into_id FROM {marks} WHERE into_id IS NOT NULL GROUP BY record_id ORDER BY record_id"
        return {kind: query.format(marks=parquet(marks)) for kind, marks in files.items() if marks}

    def ids(self, number: int) -> str | None:
        """The query of the ids (`record_id`) that an extract lists and does not call deleted or merged; None where it has none."""
        files = self._marks.get(number)
        return f"SELECT record_id FROM {parquet(files)} WHERE is_active AND into_id IS NULL AND record_id IS NOT NULL" if files else None

    def full_extracts(self) -> pa.Table | None:
        """The ids of this import's full extracts, by which the next one sees what is missing; None where there is none."""
        lists = [list_of(self._work, extract, self._marks[number]) for number, extract in self._full() if self._marks[number]]
        return pa.concat_tables(lists) if lists else None

    def _full(self) -> list[tuple[int, Extract]]:
        return [(number, extract) for number, extract in self._followed.items() if extract.full]

    def _marks_of(self, table: str) -> list[Path]:
        return [path for number, extract in self._followed.items() if extract.into == table for path in self._marks[number]]

    def _missing(self, table: str, marks: list[Path]) -> str | None:
        """The query of the ids that the full extracts into a table lack."""
        queries = [
            missing_ids(self._work, extract, self._marks[number], marks) for number, extract in self._full() if extract.into == table
        ]
        return " UNION ".join(query for query in queries if query) or None
