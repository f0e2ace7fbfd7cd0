"""The batches of a ledger as people list them: where from, when, and how many rows."""

from __future__ import annotations

from pathlib import Path

from dealml.ledger.batches import Manifest, manifests

COUNTS = ("rows_in", "accepted", "quarantined", "duplicates")
COLUMNS = ("batch", "source", "number", "imported_at", *COUNTS)


def batch_list(folder: Path) -> list[dict[str, object]]:
    """The batches in the order of their import, each with `COLUMNS`."""
    return [batch_entry(manifest) for manifest in sorted((m for _, m in manifests(folder)), key=lambda m: (m.number, m.batch))]


def batch_entry(manifest: Manifest) -> dict[str, object]:
    """One batch, with the sums of its extracts' counts."""
    totals = {name: sum(int(str(count[name])) for count in manifest.counts) for name in COUNTS}
    return {"batch": manifest.batch, "source": manifest.source, "number": manifest.number, "imported_at": manifest.imported_at} | totals
