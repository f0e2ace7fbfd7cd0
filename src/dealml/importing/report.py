"""The report of an import: every row of every extract is accounted for."""

from __future__ import annotations

from dataclasses import dataclass, field

from dealml.importing.notes import Note


@dataclass
class ExtractCounts:
    """The counts of one extract: `rows_in = accepted + quarantined + duplicates`, and `rows_read = rows_in + not_selected`."""

    file: str
    into: str
    rows_in: int = 0
    accepted: int = 0
    quarantined: int = 0
    duplicates: int = 0
    not_selected: int = 0
    derived: int = 0
    """Facts that no row is, but that rows of all files together tell: records deleted, restored or merged, deals reopened."""

    @property
    def rows_read(self) -> int:
        """All rows of the file."""
        return self.rows_in + self.not_selected


@dataclass
class ImportReport:
    """The result of an import."""

    batch: str
    already_imported: bool
    counts: list[ExtractCounts]
    missing: list[str] = field(default_factory=list)
    """Files that the mapping names and the source lacks."""
    quarantine: list[dict[str, object]] = field(default_factory=list)
    """The first quarantined rows."""
    notes: list[Note] = field(default_factory=list)
    """What was read in a way that people should know of."""
    quarantined_kinds: dict[str, int] = field(default_factory=dict)
    """How many rows were quarantined, by the kind of mistake."""
    dry_run: bool = False
    """Whether everything but publishing was done."""
    tables: list[str] = field(default_factory=list)
    """The fact tables that got, or in a dry run would get, new facts."""

    def total(self, what: str) -> int:
        """A count over all extracts."""
        return sum(getattr(count, what) for count in self.counts)
