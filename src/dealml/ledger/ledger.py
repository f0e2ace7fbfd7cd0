"""The ledger: all facts of a company, read as of any moment."""

from __future__ import annotations

from pathlib import Path

from dealml.errors import InputError
from dealml.ledger.batches import digest_of, manifests
from dealml.ledger.digest import sum_of, total
from dealml.ledger.tables import TABLES


class Ledger:
    """The facts in a folder of batches.

    Parameters
    ----------
    folder
        Where the batches are; need not exist yet.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def files(self, table: str) -> list[Path]:
        """The Parquet files that hold a table's facts."""
        return [folder / f"{table}.parquet" for folder, manifest in manifests(self.folder) if table in manifest.files]

    @property
    def tables(self) -> list[str]:
        """The tables that hold at least one fact."""
        held = {name for _, manifest in manifests(self.folder) for name in manifest.files}
        return [name for name in TABLES if name in held]

    @property
    def digest(self) -> str:
        """What the ledger holds, as one SHA-256: the same whatever the order of facts, files and imports."""
        sums: dict[str, list[str]] = {name: [] for name in self.tables}
        for folder, manifest in manifests(self.folder):
            for name in sums.keys() & manifest.files:
                sums[name].append(manifest.facts.get(name) or sum_of(folder / f"{name}.parquet", TABLES[name]))
        return digest_of(*(f"{name}:{total(parts)}" for name, parts in sums.items()))

    @property
    def is_cross_section(self) -> bool:
        """Whether the facts come from a source without dates (`dealml.ledger.cross_section`)."""
        return any(manifest.cross_section and TABLES.keys() & manifest.files for _, manifest in manifests(self.folder))

    def require_facts(self) -> None:
        """Raise an InputError when nothing was imported yet."""
        if not self.tables:
            raise InputError(f"{self.folder}: the ledger is empty; import an extract first: dealml import SOURCE --mapping FILE")
