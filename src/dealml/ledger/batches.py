"""Batches: immutable, content-addressed folders of facts, published by an atomic rename."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from dealml.errors import InputError, SetupError
from dealml.ledger.digest import sums_of
from dealml.ledger.schema import TABLES

LOCK_SECONDS = 30
LEDGER_VERSION = 2
"""The version of a batch's files; raise it when an older dealml would read them wrongly, or this one means something else by them."""
UNFINISHED = ".unfinished-"
"""How the names of folders begin that a killed import leaves behind."""

UNDONE = ".undone-"
"""How the names of batches begin while they are removed."""


@dataclass(frozen=True)
class Manifest:
    """What a batch holds."""

    batch: str
    """Digest of the source files and the mapping."""
    source: str
    counts: list[dict[str, object]]
    """Counts of each extract: rows in, accepted, quarantined, duplicates."""
    cross_section: bool = False
    """Whether the source had no dates."""
    files: dict[str, str] = field(default_factory=dict)
    """Digest of each Parquet file in the batch."""
    facts: dict[str, str] = field(default_factory=dict)
    """Sum of each table's facts (`dealml.ledger.digest`)."""
    number: int = 0
    """Its place in the order of imports, from 1; 0 for a batch of version 1, which has none."""
    imported_at: str = ""
    """When it was imported, ISO 8601."""
    extracted: dict[str, str] = field(default_factory=dict)
    """When the extract of each table was taken, ISO 8601; empty where the mapping does not say it."""
    time_zone: str = "UTC"
    """The company's zone, whose midnights the dates without a time became."""
    allowed_quarantine: bool = False
    """Whether `--allow-quarantine` was given."""
    notes: list[dict[str, Any]] = field(default_factory=list)
    """What was noted of its rows: kind, count and examples."""
    quarantined_kinds: dict[str, int] = field(default_factory=dict)
    """How many rows were quarantined, by the kind of mistake."""
    version: int = LEDGER_VERSION
    """`LEDGER_VERSION` when it was written; a manifest without it is of version 1."""


def file_digest(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of(*parts: str) -> str:
    """The SHA-256 of texts, kept apart from each other."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the ledger's write lock; what a killed import left behind is swept away."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=LOCK_SECONDS):
            for left in (*folder.glob(f"{UNFINISHED}*"), *folder.glob(f"{UNDONE}*")):
                shutil.rmtree(left, ignore_errors=True)
            yield
    except Timeout as error:
        raise SetupError(f"{folder}: another import has held the lock for {LOCK_SECONDS} s; wait for it to end") from error


def publish(folder: Path, manifest: Manifest, tables: dict[str, pa.Table | pa.RecordBatchReader]) -> Manifest:
    """Write a batch into the ledger and make it visible in one rename."""
    staging = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder))
    try:
        for name, table in tables.items():
            _write(table, staging / f"{name}.parquet")
        written = sorted(staging.glob("*.parquet"))
        fact_tables = {path: TABLES[path.stem] for path in written if path.stem in TABLES}
        facts = dict(zip((path.stem for path in fact_tables), sums_of(fact_tables), strict=True))
        whole = replace(manifest, files={path.stem: file_digest(path) for path in written}, facts=facts)
        (staging / "manifest.json").write_text(json.dumps(asdict(whole), indent=1, sort_keys=True), encoding="utf-8")
        staging.chmod(0o755)
        os.replace(staging, folder / manifest.batch[:16])
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return whole


def _write(table: pa.Table | pa.RecordBatchReader, path: Path) -> None:
    with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
        for batch in table if isinstance(table, pa.RecordBatchReader) else [table]:
            writer.write(batch)


def manifests(folder: Path) -> list[tuple[Path, Manifest]]:
    """Every published batch, in the order of its digest.

    Raises
    ------
    InputError
        When a manifest is damaged, or a newer dealml wrote it.
    """
    return [(path.parent, _manifest(path)) for path in sorted(folder.glob("[0-9a-f]*/manifest.json"))]


def _manifest(path: Path) -> Manifest:
    try:
        content = {"version": 1} | json.loads(path.read_text(encoding="utf-8"))
        if content["version"] <= LEDGER_VERSION:
            return Manifest(**content)
    except (ValueError, TypeError) as error:
        raise InputError(f"{path}: damaged; restore the ledger's folder from a backup") from error
    raise InputError(
        f"{path}: a batch of ledger version {content['version']}, and this dealml reads up to version {LEDGER_VERSION}; upgrade dealml"
    )
