"""Files that are written completely or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dealml.errors import InputError, UsageError


def checked_page(out: Path) -> None:
    """Refuse a page's file before anything is computed for it.

    Raises
    ------
    UsageError, InputError
        When the file is not called .html, or its folder does not exist.
    """
    if out.suffix != ".html":
        raise UsageError(f"{out}: end the file's name in .html")
    if not out.parent.is_dir():
        raise InputError(f"{out.parent}: no such folder; make it first")


def write_page(out: Path, page: str) -> int:
    """Write a page and return its number of bytes; an older file stays until the new one is complete."""
    text = page.encode()
    with atomic_write(out) as part:
        part.write_bytes(text)
    return len(text)


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Write a file completely or not at all.

    Gives the path of an empty temporary file in the same folder, under a name that no other process uses. The file takes
    its final name, and replaces an older one, when the block ends; when the block fails, it is deleted and the older file stays.

    Notes
    -----
    A rename within a folder is atomic: a reader sees the old file or the new one. The file is not synced to the disk, so
    that a loss of power may lose it.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o644)  # a temporary file is for its owner alone
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
