"""Importing: from a folder of extracts to a published batch, with every row accounted for."""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dealml.errors import InputError
from dealml.importing.deduplication import Deduplicator, sift_order
from dealml.importing.identity.workspace import Workspace
from dealml.importing.import_settings import ImportSettings
from dealml.importing.intake import Intake, Progress
from dealml.importing.mapping.extract import Extract
from dealml.importing.mapping.load import load_mapping
from dealml.importing.mapping.mapping import Mapping
from dealml.importing.notes import Notes
from dealml.importing.quarantine import MOST_EXAMPLES, quarantine_in
from dealml.importing.report import ExtractCounts, ImportReport
from dealml.importing.sense.judge import Judge
from dealml.importing.sense.left_out import tables_with_rows_left_out
from dealml.importing.sense.senseless_rows import SenseInputs
from dealml.importing.sense.waiting_facts import WaitingFacts
from dealml.importing.source_rows import QUARANTINE
from dealml.importing.sources import present
from dealml.ledger.batches import UNFINISHED, Manifest, digest_of, file_digest, manifests, publish, writing
from dealml.ledger.ledger import Ledger

PARSER = "5"
"""Part of every batch's digest: changes when the same text would parse to other facts."""


@dataclass(frozen=True)
class ImportOptions:
    """What a single run of an import is asked for."""

    allow_quarantine: bool = False
    """Publish even when many rows are quarantined, or a full extract has lost most of its records."""
    dry_run: bool = False
    """Do everything but publish."""


def import_source(
    source: Path,
    mapping_path: Path,
    ledger: Ledger,
    progress: Progress = lambda file, rows: None,
    settings: ImportSettings = ImportSettings(),  # noqa: B008  (frozen)
    options: ImportOptions = ImportOptions(),  # noqa: B008  (frozen)
) -> ImportReport:
    """Import a folder of extracts.

    Raises
    ------
    InputError
        When the mapping or a file cannot be used at all, dates and a cross-section would mix, or too many rows
        are quarantined; nothing is written then.
    """
    mapping = load_mapping(mapping_path)
    extracts, missing = present(source, mapping, mapping_path)
    files = (file_digest(source / f) for f in sorted({e.file for e in extracts}))
    batch = digest_of(PARSER, settings.reading, mapping.model_dump_json(), *files)
    with writing(ledger.folder):
        _require_one_kind(ledger, mapping, mapping_path)
        ledger.require_zone(settings.time_zone)
        for folder, manifest in manifests(ledger.folder):
            if manifest.batch == batch:
                return _again(folder, manifest, missing)
        return _Import(source, mapping_path, mapping, extracts, batch, ledger, settings, options).run(progress, missing)


def _require_one_kind(ledger: Ledger, mapping: Mapping, path: Path) -> None:
    if ledger.tables and ledger.is_cross_section != mapping.cross_section:
        stored, brought = ("a cross-section", "one with dates") if ledger.is_cross_section else ("facts with dates", "a cross-section")
        raise InputError(f"{path}: {ledger.folder} holds {stored}, and this is {brought}; import it into a project of its own")


def _again(folder: Path, manifest: Manifest, missing: list[str]) -> ImportReport:
    counts = [ExtractCounts(**count) for count in manifest.counts]  # type: ignore[arg-type]
    for count in counts:
        count.duplicates, count.accepted, count.derived = count.duplicates + count.accepted, 0, 0
    first = next(pq.ParquetFile(folder / "quarantine.parquet").iter_batches(MOST_EXAMPLES), None)
    notes = Notes.of(manifest.notes).listed
    return ImportReport(manifest.batch, True, counts, missing, first.to_pylist() if first else [], notes, manifest.quarantined_kinds)


@dataclass(frozen=True)
class _Import:
    """One import of files that are new."""

    source: Path
    mapping_path: Path
    mapping: Mapping
    extracts: list[Extract]
    batch: str
    ledger: Ledger
    settings: ImportSettings
    options: ImportOptions

    def run(self, progress: Progress, missing: list[str]) -> ImportReport:
        """Read, sift, judge and publish."""
        extracted_at = self._extracted_at or datetime.now(UTC)
        counts = [ExtractCounts(extract.file, extract.into) for extract in self.extracts]
        with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=self.ledger.folder) as name:
            folder = Path(name)
            work = Workspace(self.ledger, folder, extracted_at, self.mapping, self.settings)
            sieve = Deduplicator(work, self.extracts)
            with quarantine_in(folder / "quarantine.parquet") as quarantine:
                intake = Intake(self.mapping, extracted_at, self.settings, sieve, quarantine, Notes(), counts)
                self._read_and_sift(intake, progress)
                waiting = WaitingFacts(work)
                self._judge(intake, work, waiting)
            report = ImportReport(self.batch, False, counts, missing, quarantine.examples, intake.notes.listed, dict(quarantine.kinds))
            report.tables, report.dry_run = sieve.names, self.options.dry_run
            if not self.options.dry_run:
                extra_files = {**sieve.extra_files(), **waiting.tables()}
                self._publish(sieve, folder / "quarantine.parquet", report, extra_files)
        return report

    @property
    def _extracted_at(self) -> datetime | None:
        """When the extract was taken; None where the mapping does not say it."""
        return self.mapping.extract_time(self.settings.time_zone)

    def _read_and_sift(self, intake: Intake, progress: Progress) -> None:
        files = [(extract.file, self.mapping.of(extract).csv) for extract in self.extracts]
        for file, form in dict.fromkeys(files):
            fed = {number: extract for number, extract in enumerate(self.extracts) if files[number] == (file, form)}
            intake.take(self.source / file, fed, progress)
        intake.sieve.compare_files()
        for number in sift_order(self.extracts):
            intake.sift(number, self.extracts[number])
        intake.quarantine.require_none(self.settings)

    def _judge(self, intake: Intake, work: Workspace, waiting: WaitingFacts) -> None:
        inputs = SenseInputs(work, sorted(intake.new_facts, key=lambda facts: facts.number), self.settings.currency, intake.sieve.merges)
        left_out = tables_with_rows_left_out(self.ledger, intake.counts)
        Judge(inputs, self.settings, self.mapping_path, intake.quarantine, intake.notes, intake.counts, waiting, left_out).judge()
        if not self.options.allow_quarantine:
            intake.quarantine.require_few(intake.counts, self.settings)
        intake.conclude(self.options.allow_quarantine)
        if self.mapping.cross_section:
            intake.sieve.require_one_value_each()

    def _publish(
        self, sieve: Deduplicator, quarantine: Path, report: ImportReport, extra_files: dict[str, pa.Table | pa.RecordBatchReader]
    ) -> None:
        refused = pa.RecordBatchReader.from_batches(QUARANTINE, pq.ParquetFile(quarantine).iter_batches())
        manifest = Manifest(
            self.batch,
            self.source.name,
            [asdict(count) for count in report.counts],
            self.mapping.cross_section,
            number=1 + max((manifest.number for _, manifest in manifests(self.ledger.folder)), default=0),
            imported_at=datetime.now(UTC).isoformat(timespec="seconds"),
            extracted=self._extracted_by_table(),
            time_zone=self.settings.time_zone,
            allowed_quarantine=self.options.allow_quarantine,
            notes=[asdict(note) for note in report.notes],
            quarantined_kinds=report.quarantined_kinds,
        )
        publish(self.ledger.folder, manifest, {**dict(sieve.tables()), **extra_files, "quarantine": refused})

    def _extracted_by_table(self) -> dict[str, str]:
        at = self._extracted_at
        return {} if at is None or self.mapping.cross_section else {extract.into: at.isoformat() for extract in self.extracts}
