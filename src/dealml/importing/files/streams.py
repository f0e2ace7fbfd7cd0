"""Text streams of files: unpacked and decoded bit by bit; bytes that are no text are marked, not refused."""

from __future__ import annotations

import codecs
import gzip
from pathlib import Path
from typing import IO, TextIO, cast

from dealml.errors import InputError
from dealml.importing.files.chunk import UNDECODABLE

_BYTE_ORDER_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_MARKED = "dealml_marked"


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return UNDECODABLE, error.end


codecs.register_error(_MARKED, _mark)


def open_bytes(path: Path) -> IO[bytes]:
    """A file's bytes, unpacked where its name ends in .gz."""
    return cast("IO[bytes]", gzip.open(path) if path.suffix == ".gz" else path.open("rb"))


def open_text(path: Path, encoding: str) -> TextIO:
    """A file's text; a byte order mark of UTF-16 counts for more than the declared UTF-8.

    Raises
    ------
    InputError
        When there is no such encoding.
    """
    name = encoding.lower().replace("_", "-")
    if name in {"utf-8", "utf8"}:
        with open_bytes(path) as start:
            encoding = _BYTE_ORDER_MARKS.get(start.read(2), "utf-8-sig")
    try:
        if path.suffix == ".gz":
            return gzip.open(path, "rt", encoding=encoding, errors=_MARKED, newline="")
        return path.open(encoding=encoding, errors=_MARKED, newline="")
    except LookupError as error:
        raise InputError(f"{path}: unknown encoding {encoding!r}") from error
