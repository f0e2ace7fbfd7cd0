"""Notes of an import: what was read in a way that people should know of, counted by kind, with examples."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

MOST_EXAMPLES = 3
NEW_BY_CONTENT = "new_by_content"

MEANINGS = {
    "repeated_hour": "local times that the clock repeats were taken for the later instant",
    "skipped_hour": "local times that the clock skips were taken for the instant of the jump",
    "far_date": "dates before 1950, or more than 30 years ahead, are unknown",
    "footer": "lines after the rows are no rows",
    "continuation": "rows without an id may continue the row above; name its column with continues:",
    NEW_BY_CONTENT: "rows of records that go by their whole content are new records, also where an older row was changed; "
    "row: {of: [COLUMN, …]} makes an id of columns that stay the same",
    "orphan": "facts of a deal, an account or a lead that neither the ledger nor the import holds, or whose row was left out",
    "orphan_came_in": "facts of earlier imports waited for a deal, an account or a lead of this one, and are in",
    "contradiction": "rows of one extract that cannot all be right stay",
    "unlisted_stage": "stages that the mapping's order does not list have no place in the funnel",
    "unknown_word": "words that the data contract does not list; no feature knows them",
    "currency_without_rate": "amounts in a currency without a rate are in no sum",
    "outcome_before_creation": "deals were won or lost at or before their creation",
    "conversion_before_creation": "leads became a deal before they came in",
    "conversion_without_deal": "leads became a deal that neither the ledger nor the import holds",
    "never_open": "deals were closed no later than they were on record, so that nothing is learned from them",
}
"""What each kind of note says."""


@dataclass(frozen=True)
class NoteExample:
    """One place that a note is about."""

    file: str
    row: int
    text: str


@dataclass
class Note:
    """How often something was noted, and where first."""

    kind: str
    count: int = 0
    examples: list[NoteExample] = field(default_factory=list)

    @property
    def meaning(self) -> str:
        """What was noted, in words."""
        return MEANINGS.get(self.kind, self.kind)


class Notes:
    """Notes by kind, as they are collected."""

    def __init__(self) -> None:
        self._by_kind: dict[str, Note] = {}

    @classmethod
    def of(cls, stored: Iterable[dict[str, Any]]) -> Notes:
        """The notes that a batch's manifest keeps."""
        notes = cls()
        for note in stored:
            notes.add(note["kind"], note["count"], (NoteExample(**example) for example in note["examples"]))
        return notes

    def add(self, kind: str, count: int, examples: Iterable[NoteExample]) -> None:
        """Count a note some times more."""
        note = self._by_kind.setdefault(kind, Note(kind))
        note.count += count
        note.examples += [example for _, example in zip(range(MOST_EXAMPLES - len(note.examples)), examples, strict=False)]

    def add_file(self, kind: str, path: Path) -> None:
        """Count a note for each row of a Parquet file in the form of the quarantine."""
        file = pq.ParquetFile(path)
        for batch in islice(file.iter_batches(MOST_EXAMPLES), 1):
            rows = batch.to_pylist()
            examples = [NoteExample(row["file"], row["row"], f"{row['column']}: {row['value']}: {row['reason']}") for row in rows]
            self.add(kind, file.metadata.num_rows, examples)

    def merge(self, others: Notes) -> None:
        """Take in the notes of another part of the import."""
        for note in others.listed:
            self.add(note.kind, note.count, note.examples)

    @property
    def listed(self) -> list[Note]:
        """The notes, in the order of their kinds."""
        return [self._by_kind[kind] for kind in sorted(self._by_kind)]
