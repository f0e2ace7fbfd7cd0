"""Taking in a file: its chunks become facts that wait to be sifted, and refused rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from dealml.importing.deduplication import Deduplicator
from dealml.importing.facts import facts_of, identified_by_content, records_go_by_content, used_columns
from dealml.importing.identity.contradictions import CONTRADICTION
from dealml.importing.import_settings import ImportSettings
from dealml.importing.mapping.extract import Extract
from dealml.importing.mapping.mapping import Mapping as SourceMapping
from dealml.importing.notes import NEW_BY_CONTENT, Notes
from dealml.importing.quarantine import Quarantine
from dealml.importing.read import CONTENT, read_chunks
from dealml.importing.report import ExtractCounts
from dealml.importing.row_ids import RowIds
from dealml.importing.sense.senseless_rows import NewFacts

Progress = Callable[[str, int], None]
"""Called with a file's name and how many more of its rows are done."""


@dataclass(frozen=True)
class Intake:
    """Where the rows of an import go: facts, refused rows, counts and notes."""

    mapping: SourceMapping
    extracted_at: datetime
    settings: ImportSettings
    sieve: Deduplicator
    quarantine: Quarantine
    notes: Notes
    counts: list[ExtractCounts]
    new_facts: list[NewFacts] = field(default_factory=list)
    """What was sifted, of the extracts that brought anything."""

    def take(self, path: Path, extracts: Mapping[int, Extract], progress: Progress) -> None:
        """Read a file once for all extracts, by their numbers, that it feeds in the same form."""
        columns = dict.fromkeys(column for extract in extracts.values() for column in used_columns(extract))
        identities = RowIds() if any(map(identified_by_content, extracts.values())) else None
        form = self.mapping.of(next(iter(extracts.values()))).csv
        for chunk in read_chunks(path, form, None if identities else list(columns), self.notes):
            if identities:
                chunk[CONTENT] = identities.of(chunk)
            for number, extract in extracts.items():
                zone, limits = self.settings.time_zone, self.settings.amount_limits
                extracted, count = facts_of(chunk, extract, self.mapping, self.extracted_at, zone, limits), self.counts[number]
                count.rows_in += extracted.rows_in
                count.quarantined += self.quarantine.add(extracted.quarantined)
                count.not_selected += extracted.not_selected
                self.sieve.add(number, extracted.by_table)
                self.sieve.look_at(number, chunk, extract)
                self.notes.merge(extracted.notes)
            progress(path.name, len(chunk))

    def sift(self, number: int, extract: Extract) -> None:
        """Find which facts of an extract are new, and count its rows."""
        counts_contradictions = self.settings.action(CONTRADICTION) == "count"
        sifted, count = self.sieve.sift(number, extract, counts_contradictions), self.counts[number]
        count.accepted = sifted.fresh
        if counts_contradictions and sifted.doubtful and extract.into != "rates":
            self.notes.add_file(CONTRADICTION, sifted.doubtful)
        elif sifted.doubtful:
            count.quarantined += self.quarantine.add_file(sifted.doubtful)
        if sifted.fresh and records_go_by_content(extract) and self.sieve.has_fed(extract):
            self.notes.add(NEW_BY_CONTENT, sifted.fresh, [])
        if sifted.fresh:
            self.new_facts.append(NewFacts(number, extract, sifted.files))
        count.duplicates = count.rows_in - count.quarantined - sifted.fresh

    def conclude(self, allow_quarantine: bool) -> None:
        """Add and count what all extracts together tell."""
        for number, facts in self.sieve.conclude(allow_quarantine).items():
            self.counts[number].derived += facts
