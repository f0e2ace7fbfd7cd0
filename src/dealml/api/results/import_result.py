"""What an import returns."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from dealml.importing.report import ImportReport


@dataclass(frozen=True)
class ImportResult:
    """One import, with every row accounted for.

    Example
    -------
    >>> result = project.import_source("company/export", "company/mapping.yaml")
    >>> result.counts[["file", "rows_in", "accepted", "quarantined", "duplicates"]]
    """

    batch: str
    """The digest of mapping and files; equal for a repeated import."""
    already_imported: bool
    counts: pd.DataFrame
    """One row a file: `file`, `into` (the fact table), `rows_in`, `accepted`, `quarantined`, `duplicates`, `not_selected`."""
    missing: tuple[str, ...]
    """Files that the mapping names and the source lacks."""
    quarantine: pd.DataFrame
    """The first quarantined rows, with file, row, column, reason and kind."""
    notes: pd.DataFrame
    """What was read in a way that people should know of: one row a kind, `kind`, `count`, `meaning`, `examples`."""
    quarantined_kinds: dict[str, int]
    """How many rows were quarantined, by the kind of mistake."""
    dry_run: bool
    """Whether nothing was published, because only a trial was asked for."""


def import_result(report: ImportReport) -> ImportResult:
    """The report of the importing job as its public form."""
    import pandas as pd

    return ImportResult(
        report.batch,
        report.already_imported,
        pd.DataFrame([asdict(count) for count in report.counts]),
        tuple(report.missing),
        pd.DataFrame(report.quarantine),
        pd.DataFrame([asdict(note) | {"meaning": note.meaning} for note in report.notes], columns=["kind", "count", "meaning", "examples"]),
        dict(report.quarantined_kinds),
        report.dry_run,
    )
