"""A company on disk for tests: a source folder, a mapping, a ledger."""

from __future__ import annotations

import gzip
import hashlib
import textwrap
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from dealml.importing.import_settings import ImportSettings
from dealml.importing.import_source import ImportOptions, import_source
from dealml.importing.report import ImportReport
from dealml.ledger.ledger import Ledger

HEAD = "dealml: 1\nextracted_at: 2026-01-05\n"
DEALS = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id, account_id: account, occurred_at: created, recorded_at: created}
    """


class Company:
    """Where an import takes from, and where it puts things."""

    def __init__(self, folder: Path) -> None:
        self.source, self.mapping, self.ledger = folder / "source", folder / "mapping.yaml", Ledger(folder / "ledger")
        self.source.mkdir(parents=True)
        self.maps(DEALS)

    def maps(self, text: str, head: str = HEAD) -> None:
        """Write the mapping."""
        self.mapping.write_text(head + textwrap.dedent(text), encoding="utf-8")

    def has(self, text: str | bytes, name: str = "deals.csv", encoding: str = "utf-8") -> Path:
        """Write a file of the source."""
        content = text if isinstance(text, bytes) else text.encode(encoding)
        path = self.source / name
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return path

    def imports(self, allow_quarantine: bool = True, dry_run: bool = False, settings: ImportSettings | None = None) -> ImportReport:
        """Import the source; unless told otherwise, however many rows are quarantined."""
        options = ImportOptions(allow_quarantine, dry_run)
        return import_source(self.source, self.mapping, self.ledger, settings=settings or ImportSettings(), options=options)

    def week(self, at: str, mapping: str, *, allow_quarantine: bool = False, **files: str) -> ImportReport:
        """Import the extracts of a day: each file by its name without `.csv`, in place of those of the week before."""
        for path in self.source.iterdir():
            path.unlink()
        self.maps(mapping, f"dealml: 1\nextracted_at: {at}\n")
        for name, text in files.items():
            self.has(textwrap.dedent(text).strip() + "\n", f"{name}.csv")
        return self.imports(allow_quarantine)

    def facts(self, table: str = "deals") -> list[dict[str, Any]]:
        """Every fact on record in a table."""
        return [row for path in self.ledger.files(table) for row in pq.read_table(path).to_pylist()]

    def column(self, column: str, table: str = "deals") -> list[Any]:
        """One column of every fact in a table."""
        return [fact[column] for fact in self.facts(table)]

    def days(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """Columns of every fact in a table, with its days in UTC: (…, occurred, recorded), sorted."""
        rows = [tuple(f[c] for c in columns) + (f"{f['occurred_at']:%Y-%m-%d}", f"{f['recorded_at']:%Y-%m-%d}") for f in self.facts(table)]
        return sorted(rows, key=str)

    def bytes(self) -> dict[str, str]:
        """A digest of every file in the ledger's folder."""
        files = sorted(path for path in self.ledger.folder.rglob("*") if path.is_file())
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
