"""Batches of an older meaning: what an earlier dealml imported under other rules, and how to have it under today's."""

from __future__ import annotations

from pathlib import Path

from dealml.ledger.batches import LEDGER_VERSION, manifests


def older_rules(folder: Path) -> str | None:
    """One line that says how to rebuild a ledger that holds batches of an older version; None where it holds none."""
    batches = [manifest for _, manifest in manifests(folder)]
    older = sum(manifest.version < LEDGER_VERSION for manifest in batches)
    if not older:
        return None
    return (
        f"{folder}: {older} of {len(batches)} batches were imported under the rules of an earlier dealml (docs/compatibility.md);"
        " to rebuild the ledger, move this folder away and import every extract again, the oldest first"
    )
