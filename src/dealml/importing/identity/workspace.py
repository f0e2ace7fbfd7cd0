"""The workspace of an import: its connection, what the ledger holds, and the new facts that wait to be published."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Any

import duckdb

from dealml.importing.identity.sql import columns_of, listed, parquet, same
from dealml.importing.import_settings import ImportSettings
from dealml.importing.mapping.mapping import Mapping
from dealml.ledger.batches import Manifest, manifests
from dealml.ledger.corrections import REPLACED, corrections_of
from dealml.ledger.fact_files import stored_facts
from dealml.ledger.ledger import Ledger
from dealml.ledger.schema import TABLES
from dealml.ledger.sql import literal

MEMORY = "160MB"
"""Of queries about facts: with it, the whole process stays under 512 MiB."""
MORE_MEMORY = ("240MB", "1GB")
"""Of a query that does not get by with `MEMORY`, although what it has waits on disk: one after the other."""


@dataclass
class Workspace:
    """What the parts of an import share.

    Parameters
    ----------
    ledger
        What is on record already.
    folder
        An empty folder to work in.
    extracted_at
        When the extracts were taken.
    mapping
        The mapping that the extracts belong to.
    settings
        How extracts are read and judged.
    """

    ledger: Ledger
    folder: Path
    extracted_at: datetime
    mapping: Mapping
    settings: ImportSettings = ImportSettings()  # noqa: RUF009  (frozen)
    new_files: dict[str, list[Path]] = field(default_factory=dict)
    """The new facts of each table, with the `row` of each."""
    counted_rows: dict[str, list[tuple[str, Path]]] = field(default_factory=dict)
    """By table of events, the rows of earlier extracts of this import with their file; those of another file are counted with them."""
    merged_ids: dict[str, Path] = field(default_factory=dict)
    """By the column of their ids, the records that are merged by the extract (`dealml.importing.identity.lives.merged_ids`)."""

    def __post_init__(self) -> None:
        self.con = duckdb.connect(config={"memory_limit": MEMORY, "threads": 2, "temp_directory": str(self.folder)})
        self.con.execute("SET TimeZone = 'UTC'")
        self.con.execute("SET preserve_insertion_order = false")
        self._numbers = count()
        self._published = manifests(self.ledger.folder)

    @property
    def company_zone(self) -> str:
        """Where calendar days begin."""
        return self.settings.time_zone

    @property
    def seen(self) -> str:
        """The moment of the extract as SQL."""
        return literal(self.extracted_at)

    def in_ledger(self, name: str) -> str:
        """The facts of a table that the ledger held before this import, as a table in SQL."""
        return self._facts(name, self.ledger.files(name))

    def in_import(self, name: str) -> str:
        """The new facts of a table from this import's earlier extracts."""
        return self._facts(name, self.new_files.get(name, []))

    def stored(self, name: str) -> str:
        """The facts of a table that the ledger held, and those of this import's earlier extracts."""
        return self._facts(name, [*self.ledger.files(name), *self.new_files.get(name, [])])

    def current(self, name: str) -> str:
        """The facts of a table that the ledger held and has not corrected since, as a table in SQL."""
        corrections = self.published(corrections_of(name))
        if not corrections:
            return self.in_ledger(name)
        columns = columns_of(name)
        replaced = ", ".join(f'"{REPLACED}{column}" AS "{column}"' for column in columns)
        return f"""(
            SELECT {listed(columns, "f")} FROM {self.in_ledger(name)} AS f
            ANTI JOIN (SELECT {replaced} FROM {parquet(corrections)}) AS c ON {same("f", "c", columns)})"""

    def fed_by(self, file: str, into: str, name: str | None = None, alone: bool = False, by_now: bool = False) -> list[Path]:
        """The ledger's files of a table, of those batches in which a file of that name (but for its ending) fed `into`.

        Parameters
        ----------
        name
            The fact table; `into` itself where not given.
        alone
            Leave out batches in which another file fed it too.
        by_now
            Leave out batches that say that they were taken later than the extract.
        """
        name = name or into
        return [
            folder / f"{name}.parquet"
            for folder, manifest in self._published
            if name in manifest.files and _feeds(manifest, file, into, alone) and not (by_now and self._is_later(manifest, into))
        ]

    def extract_times(self, name: str) -> list[datetime]:
        """When the extracts were taken that brought facts of a table to the ledger, where their mappings say it."""
        said = {time for _, manifest in self._published if name in manifest.files for time in manifest.extracted.values()}
        return sorted(map(datetime.fromisoformat, said))

    def times_of(self, file: str, into: str) -> list[datetime]:
        """When the extracts were taken in which a file of that name (but for its ending) fed `into`, where their mappings say it."""
        fed = (manifest for _, manifest in self._published if into in manifest.extracted and _feeds(manifest, file, into, alone=False))
        return sorted(datetime.fromisoformat(manifest.extracted[into]) for manifest in fed)

    def new_path(self) -> Path:
        """The path of a file that is not there yet."""
        return self.folder / f"part-{next(self._numbers)}.parquet"

    def published(self, file: str) -> list[Path]:
        """The files of a name that the ledger's batches hold."""
        return [folder / f"{file}.parquet" for folder, manifest in self._published if file in manifest.files]

    def write(self, query: str) -> Path:
        """Write a query's result to a file of the workspace."""
        path = self.new_path()
        self._run(f"COPY ({query}) TO {literal(path)} (FORMAT parquet)")
        return path

    def _run(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows that a statement gives, with more memory where it needs that."""
        try:
            return self.con.execute(statement).fetchall()
        except duckdb.OutOfMemoryException:
            return self._run_with_more(statement, *MORE_MEMORY)

    def _run_with_more(self, statement: str, limit: str, *larger: str) -> list[tuple[Any, ...]]:
        self.con.execute(f"SET memory_limit = {literal(limit)}")
        try:
            return self.con.execute(statement).fetchall()
        except duckdb.OutOfMemoryException:
            if not larger:
                raise
            return self._run_with_more(statement, *larger)
        finally:
            self.con.execute(f"SET memory_limit = {literal(MEMORY)}")

    def add(self, name: str, query: str) -> Path:
        """Let the facts of a query wait to be published."""
        path = self.write(query)
        self.new_files.setdefault(name, []).append(path)
        return path

    def replace(self, name: str, old: Path, new: Path) -> None:
        """Let other facts wait to be published in place of those of a file."""
        self.new_files[name] = [new if path == old else path for path in self.new_files[name]]

    def number(self, query: str) -> int:
        """The one number that a query gives."""
        return int(self._run(query)[0][0])

    def rows(self, path: Path) -> int:
        """How many rows a file of the workspace has."""
        return self.number(f"SELECT count(*) FROM {parquet([path])}")

    def _is_later(self, manifest: Manifest, into: str) -> bool:
        extracted = manifest.extracted.get(into)
        return extracted is not None and datetime.fromisoformat(extracted) > self.extracted_at

    def _facts(self, name: str, paths: list[Path]) -> str:
        if paths:
            columns = ", ".join(f'"{column.name}"' for column in TABLES[name].columns)
            return f"(SELECT {columns} FROM {stored_facts(TABLES[name], paths)})"
        self.con.register(f"no_{name}", TABLES[name].empty)
        return f"no_{name}"


def stem(file: str) -> str:
    """A file's path without its endings: `crm/deals.csv.gz` and `crm/deals.parquet` are the same export."""
    path = PurePosixPath(file)
    return str(path.with_name(path.name.split(".")[0] or path.name))


def _feeds(manifest: Manifest, file: str, into: str, alone: bool) -> bool:
    stems = {stem(str(counts["file"])) for counts in manifest.counts if counts["into"] == into}
    return stem(file) in stems and (not alone or len(stems) == 1)
