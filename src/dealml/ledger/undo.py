"""Taking a batch out of a ledger."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from dealml.errors import InputError, UsageError
from dealml.ledger.batches import UNDONE, Manifest, manifests, writing

_SHORTEST = 4


def undo(folder: Path, prefix: str, force: bool = False) -> Manifest:
    """Remove one batch from the ledger in a folder; it disappears in one rename.

    Later imports left out what this batch had brought already, so only the last one goes without `force`.

    Parameters
    ----------
    prefix
        The first characters of the batch's digest, at least 4.

    Raises
    ------
    UsageError
        When the prefix is no part of a digest.
    InputError
        When no batch, or more than one, begins so; or when later imports depend on it.
    """
    if not re.fullmatch(rf"[0-9a-f]{{{_SHORTEST},64}}", prefix):
        raise UsageError(f"{prefix!r} is no batch; give at least {_SHORTEST} characters of its digest, as dealml ledger list shows it")
    with writing(folder):
        batches = manifests(folder)
        matching = [(path, manifest) for path, manifest in batches if manifest.batch.startswith(prefix)]
        if len(matching) != 1:
            raise InputError(f"{folder}: {len(matching) or 'no'} batches begin with {prefix}; dealml ledger list shows them all")
        path, manifest = matching[0]
        later = [other.batch[:16] for _, other in batches if other.batch != manifest.batch and other.number >= manifest.number]
        if later and not force:
            raise InputError(
                f"{folder}: {', '.join(sorted(later))} came after {manifest.batch[:16]} and may lack facts that it has;"
                " undo these first, the last one first, and import all of them again; --force takes out this one alone"
            )
        gone = folder / f"{UNDONE}{path.name}"
        os.replace(path, gone)
        shutil.rmtree(gone, ignore_errors=True)
    return manifest
