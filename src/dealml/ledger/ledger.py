"""The ledger: all facts of a company, read as of any moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from dealml.errors import InputError
from dealml.ledger.batches import Manifest, digest_of, manifests
from dealml.ledger.corrections import CORRECTED, correction_table, corrections_of
from dealml.ledger.digest import sums_of, total
from dealml.ledger.schema import TABLES


class Ledger:
    """The facts in a folder of batches.

    Parameters
    ----------
    folder
        Where the batches are; need not exist yet.
    only
        The batches to read, by their digests: the ledger as it was when these were all; without it, all that there are.

    Raises
    ------
    InputError
        When one of the batches asked for is not there.
    """

    def __init__(self, folder: Path, only: Iterable[str] | None = None) -> None:
        self.folder = folder
        self._only = None if only is None else frozenset(only)
        if self._only and (gone := sorted(self._only - set(self.batches))):
            raise InputError(f"{folder}: the batch {gone[0][:16]} is gone; restore the ledger's folder from a backup")

    def _batches(self) -> list[tuple[Path, Manifest]]:
        return [part for part in manifests(self.folder) if self._only is None or part[1].batch in self._only]

    @property
    def batches(self) -> list[str]:
        """The digests of the batches that hold its facts."""
        return sorted(manifest.batch for _, manifest in self._batches())

    def files(self, table: str) -> list[Path]:
        """The Parquet files that hold a table's facts."""
        return [folder / f"{table}.parquet" for folder, manifest in self._batches() if table in manifest.files]

    @property
    def files_by_table(self) -> dict[str, list[Path]]:
        """The Parquet files of each table that holds at least one fact."""
        batches = self._batches()
        files = {name: [folder / f"{name}.parquet" for folder, manifest in batches if name in manifest.files] for name in TABLES}
        return {name: paths for name, paths in files.items() if paths}

    @property
    def tables(self) -> list[str]:
        """The tables that hold at least one fact."""
        return list(self.files_by_table)

    @property
    def extracted_at(self) -> dict[str, datetime]:
        """When the latest extract of each table was taken, of those that say it."""
        latest: dict[str, datetime] = {}
        for _, manifest in self._batches():
            for name, text in manifest.extracted.items():
                at = datetime.fromisoformat(text)
                latest[name] = max(at, latest.get(name, at))
        return latest

    @property
    def digest(self) -> str:
        """What the ledger holds, as one SHA-256: the same whatever the order of facts, files and imports."""
        stored_sums = {folder / f"{name}.parquet": facts for folder, manifest in self._batches() for name, facts in manifest.facts.items()}
        files = self.files_by_table
        missing = {path: TABLES[name] for name, paths in files.items() for path in paths if not stored_sums.get(path)}
        sums = stored_sums | (dict(zip(missing, sums_of(missing), strict=True)) if missing else {})
        return digest_of(*(f"{name}:{total(sums[path] for path in paths)}" for name, paths in files.items()), *self._corrections())

    def _corrections(self) -> list[str]:
        """The sums of the tables of corrections, of those that there are."""
        files = {name: self.files(corrections_of(name)) for name in CORRECTED}
        sums = {name: sums_of({path: correction_table(name) for path in paths}) for name, paths in files.items() if paths}
        return [f"{corrections_of(name)}:{total(parts)}" for name, parts in sums.items()]

    @property
    def is_cross_section(self) -> bool:
        """Whether the facts come from a source without dates (`dealml.ledger.cross_section`)."""
        return any(manifest.cross_section and TABLES.keys() & manifest.files for _, manifest in self._batches())

    def require_zone(self, time_zone: str) -> None:
        """Raise an InputError when dates were imported as days of another zone: they would be counted as other days."""
        for _, manifest in self._batches():
            if manifest.time_zone != time_zone:
                raise InputError(
                    f"{self.folder}: the dates of batch {manifest.batch[:16]} are days of {manifest.time_zone}, and company.time_zone is "
                    f"{time_zone}; set it back, or undo the batches (dealml ledger undo) and import their extracts again"
                )

    def require_facts(self) -> None:
        """Raise an InputError when nothing was imported yet."""
        if not self.tables:
            raise InputError(f"{self.folder}: the ledger is empty; import an extract first: dealml import SOURCE --mapping FILE")
