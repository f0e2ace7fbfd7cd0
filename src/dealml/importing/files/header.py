"""Headers: the names of a table's columns, and whether the first row is one at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from unicodedata import normalize

from dealml.errors import InputError
from dealml.importing.files.chunk import UNDECODABLE

_VALUE = re.compile(r"[+-]?[0-9][0-9 .,']*|[0-9]{4}-[0-9]{2}-[0-9]{2}.*|\\N|NULL", re.IGNORECASE)

NO_HEADER = "there is no header: the first line looks like a row; name the columns with csv: {header: [...]}"


@lru_cache(maxsize=10_000)
def composed(name: str) -> str:
    """A column's name in Unicode's composed form, which mappings have: some systems write accents as characters of their own."""
    return normalize("NFC", name)


def looks_like_a_row(names: Sequence[str]) -> bool:
    """Whether names of columns look like values."""
    return any(_VALUE.fullmatch(name.strip()) for name in names)


def checked_header(path: Path, line: int, cells: Sequence[str]) -> list[str]:
    """The names of a header; columns without a name may stand at its end.

    Raises
    ------
    InputError
        When there are none, or two are the same.
    """
    header = [composed(name.strip("\ufeff \t\r\n\u00a0")) for name in cells]
    if not any(header):
        raise InputError(f"{path}:{line}: the file is empty; a header line is needed")
    if twice := [name for name in header if name and header.count(name) > 1]:
        if looks_like_a_row(header):
            raise InputError(f"{path}:{line}: {NO_HEADER}")
        raise InputError(f"{path}:{line}: the column {twice[0]!r} stands twice in the header")
    return header


def require_whole_header(path: Path, cells: Sequence[str], encoding: str) -> None:
    """Refuse a header that is no text."""
    if any(UNDECODABLE in name for name in cells):
        raise InputError(f"{path}:1: cannot be read as CSV in {encoding} (the header holds bytes that are no text)")
