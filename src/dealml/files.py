"""Pages as files: whole or not at all."""

from __future__ import annotations

import os
import tempfile
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
    """Write a page and return its bytes; a file that was there stays until the new one is whole."""
    text = page.encode()
    handle, name = tempfile.mkstemp(prefix=f".{out.name}-", dir=out.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
        Path(name).chmod(0o644)
        os.replace(name, out)
    finally:
        Path(name).unlink(missing_ok=True)
    return len(text)
