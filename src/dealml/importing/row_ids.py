"""Ids for rows without any: a digest of the row's content, independent of the order of rows and columns."""

from __future__ import annotations

import hashlib
from collections import Counter

import pandas as pd

from dealml.importing.read import BROKEN, LINE


class RowIds:
    """Gives ids to the rows of one file, chunk by chunk.

    Rows that agree in every cell are numbered: which of them is the first makes no difference.
    """

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def of(self, chunk: pd.DataFrame) -> pd.Series:
        """The id of each row of the next chunk; it must hold all columns of the file."""
        names = sorted(name for name in chunk.columns if name not in (LINE, BROKEN))
        rows = zip(*(chunk[name].tolist() for name in names), strict=True)
        return pd.Series([self._numbered(_digest(names, row)) for row in rows], index=chunk.index, dtype="str")

    def _numbered(self, digest: str) -> str:
        self._seen[digest] += 1
        return f"{digest}-{self._seen[digest]}"


def _digest(names: list[str], cells: tuple[str, ...]) -> str:
    named = "".join(f"{len(name)}:{name}{len(cell)}:{cell}" for name, cell in zip(names, cells, strict=True))
    return hashlib.sha256(named.encode()).hexdigest()[:16]
