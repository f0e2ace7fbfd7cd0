"""Ledgers for tests: of hand-made facts, or a ledger as it was at an earlier moment."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dealml.ledger.batches import Manifest, manifests, publish
from dealml.ledger.ledger import Ledger
from dealml.ledger.schema import TABLES


def ledger_of(folder: Path, facts: dict[str, list[dict[str, Any]]]) -> Ledger:
    """A ledger with these facts, in one batch."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {name: pa.Table.from_pylist(rows, schema=TABLES[name].schema) for name, rows in facts.items()}
    publish(folder, Manifest(hashlib.sha256(str(folder).encode()).hexdigest(), "test", []), tables)
    return Ledger(folder)


def cut(ledger: Ledger, folder: Path, before: datetime) -> Ledger:
    """What the ledger held at a moment: everything recorded later is deleted."""
    folder.mkdir(parents=True, exist_ok=True)
    for batch, manifest in manifests(ledger.folder):
        tables = {}
        for name in manifest.files:
            table = pq.read_table(batch / f"{name}.parquet")
            kept = table.filter(pc.less(table["recorded_at"], pa.scalar(before, pa.timestamp("us", "UTC")))) if name in TABLES else table
            if kept.num_rows or name not in TABLES:
                tables[name] = kept
        publish(folder, Manifest(manifest.batch, manifest.source, manifest.counts), tables)
    return Ledger(folder)
