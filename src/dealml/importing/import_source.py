"""Importing: from a folder of extracts to a published batch, with every row accounted for."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dealml.errors import InputError
from dealml.importing.deduplication import Deduplicator, Sifted, sift_order
from dealml.importing.facts import QUARANTINE, facts_of, identified_by_content, used_columns
from dealml.importing.identity.workspace import Workspace
from dealml.importing.import_settings import ImportSettings
from dealml.importing.mapping.extract import Extract
from dealml.importing.mapping.load import load_mapping
from dealml.importing.mapping.mapping import Mapping
from dealml.importing.notes import Note, Notes
from dealml.importing.read import CONTENT, columns_of, read_chunks
from dealml.importing.row_ids import RowIds
from dealml.ledger.batches import UNFINISHED, Manifest, digest_of, file_digest, manifests, publish, writing
from dealml.ledger.ledger import Ledger

PARSER = "3"
"""Part of every batch's digest: changes when the same text would parse to other facts."""

Progress = Callable[[str, int], None]


@dataclass
class ExtractCounts:
    """The row counts of one extract: `rows_in = accepted + quarantined + duplicates`."""

    file: str
    into: str
    rows_in: int = 0
    accepted: int = 0
    quarantined: int = 0
    duplicates: int = 0
    not_selected: int = 0


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

    def total(self, what: str) -> int:
        """A count over all extracts."""
        return sum(getattr(count, what) for count in self.counts)


def import_source(
    source: Path,
    mapping_path: Path,
    ledger: Ledger,
    progress: Progress = lambda file, rows: None,
    settings: ImportSettings = ImportSettings(),  # noqa: B008  (frozen)
) -> ImportReport:
    """Import a folder of extracts.

    Raises
    ------
    InputError
        When the mapping or a file cannot be used at all, or dates and a cross-section would mix; nothing is written then.
    """
    mapping = load_mapping(mapping_path)
    extracts, missing = _present(source, mapping, mapping_path)
    batch = digest_of(
        PARSER, settings.time_zone, mapping.model_dump_json(), *(file_digest(source / f) for f in sorted({e.file for e in extracts}))
    )
    with writing(ledger.folder):
        _require_one_kind(ledger, mapping, mapping_path)
        for folder, manifest in manifests(ledger.folder):
            if manifest.batch == batch:
                return _again(folder, manifest, missing)
        return _import(source, mapping, extracts, batch, ledger, progress, missing, settings)


def _present(source: Path, mapping: Mapping, mapping_path: Path) -> tuple[list[Extract], list[str]]:
    if not source.is_dir():
        raise InputError(f"{source}: no such folder")
    there = [extract for extract in mapping.extracts if (source / extract.file).is_file()]
    if not there:
        raise InputError(f"{source}: holds none of the files that {mapping_path} names, such as {mapping.extracts[0].file}")
    for extract in there:
        lacking = [c for c in used_columns(extract) if c not in columns_of(source / extract.file, mapping.csv)]
        if lacking:
            raise InputError(f"{source / extract.file}:1: no column {lacking[0]!r}, which {mapping_path} maps to {extract.into}")
    return there, sorted({e.file for e in mapping.extracts} - {e.file for e in there})


def _require_one_kind(ledger: Ledger, mapping: Mapping, path: Path) -> None:
    if ledger.tables and ledger.is_cross_section != mapping.cross_section:
        stored, brought = ("a cross-section", "one with dates") if ledger.is_cross_section else ("facts with dates", "a cross-section")
        raise InputError(f"{path}: {ledger.folder} holds {stored}, and this is {brought}; import it into a project of its own")


def _again(folder: Path, manifest: Manifest, missing: list[str]) -> ImportReport:
    counts = [ExtractCounts(**count) for count in manifest.counts]  # type: ignore[arg-type]
    for count in counts:
        count.duplicates, count.accepted = count.duplicates + count.accepted, 0
    return ImportReport(manifest.batch, True, counts, missing, _first_quarantined(folder))


def _import(
    source: Path,
    mapping: Mapping,
    extracts: list[Extract],
    batch: str,
    ledger: Ledger,
    progress: Progress,
    missing: list[str],
    settings: ImportSettings,
) -> ImportReport:
    extracted_at = mapping.extract_time(datetime.now(UTC))
    counts = [ExtractCounts(extract.file, extract.into) for extract in extracts]
    with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=ledger.folder) as folder:
        sieve = Deduplicator(Workspace(ledger, Path(folder), extracted_at, mapping, settings.time_zone), extracts)
        quarantine, notes = [QUARANTINE.empty_table()], Notes()
        for file in dict.fromkeys(extract.file for extract in extracts):
            fed = {number: extract for number, extract in enumerate(extracts) if extract.file == file}
            quarantine += _take_in(source / file, fed, mapping, extracted_at, sieve, counts, progress, settings, notes)
        for number in sift_order(extracts):
            sifted = sieve.sift(number, extracts[number])
            _settle(counts[number], sifted)
            quarantine.append(sifted.quarantined)
        sieve.conclude()
        if mapping.cross_section:
            sieve.require_one_value_each()
        tables = {**dict(sieve.tables()), **sieve.full_extracts(), "quarantine": pa.concat_tables(quarantine)}
        manifest = publish(ledger.folder, Manifest(batch, source.name, [asdict(count) for count in counts], mapping.cross_section), tables)
    return ImportReport(manifest.batch, False, counts, missing, _first_quarantined(ledger.folder / batch[:16]), notes.listed)


def _take_in(
    path: Path,
    extracts: dict[int, Extract],
    mapping: Mapping,
    extracted_at: datetime,
    sieve: Deduplicator,
    counts: list[ExtractCounts],
    progress: Progress,
    settings: ImportSettings,
    notes: Notes,
) -> Iterator[pa.Table]:
    """Read a file once for all extracts that it feeds; yields the quarantined rows."""
    columns = dict.fromkeys(column for extract in extracts.values() for column in used_columns(extract))
    identities = RowIds() if any(map(identified_by_content, extracts.values())) else None
    for chunk in read_chunks(path, mapping.csv, None if identities else list(columns)):
        if identities:
            chunk[CONTENT] = identities.of(chunk)
        for number, extract in extracts.items():
            extracted, count = facts_of(chunk, extract, mapping, extracted_at, settings.time_zone), counts[number]
            count.rows_in += extracted.rows_in
            count.quarantined += extracted.quarantined.num_rows
            count.not_selected += extracted.not_selected
            sieve.add(number, extracted.by_table)
            sieve.look_at(number, chunk, extract)
            notes.merge(extracted.notes)
            yield extracted.quarantined
        progress(path.name, len(chunk))


def _settle(count: ExtractCounts, sifted: Sifted) -> None:
    count.accepted = sifted.fresh
    count.quarantined += sifted.quarantined.num_rows
    count.duplicates = count.rows_in - count.quarantined - sifted.fresh


def _first_quarantined(folder: Path, most: int = 20) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = pq.read_table(folder / "quarantine.parquet").slice(0, most).to_pylist()
    return rows
