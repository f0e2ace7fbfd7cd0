"""Ids for rows without any: a digest of the row's content, or of chosen cells, independent of the order of rows and columns."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from unicodedata import normalize

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


def ids_of_cells(cells: Mapping[str, pd.Series]) -> pd.Series:
    """The id that chosen cells make up: the same for the same trimmed texts; missing where every cell is empty.

    Parameters
    ----------
    cells
        The trimmed texts of each column, in any order; missing where there is no value.
    """
    names = sorted(cells)
    rows = zip(*(cells[name].fillna("").tolist() for name in names), strict=True)
    ids = [_digest(names, tuple(normalize("NFC", cell) for cell in row)) if any(row) else None for row in rows]
    return pd.Series(ids, index=cells[names[0]].index, dtype="str")


def _digest(names: list[str], cells: tuple[str, ...]) -> str:
    named = "".join(f"{len(name)}:{name}{len(cell)}:{cell}" for name, cell in zip(names, cells, strict=True))
    return hashlib.sha256(named.encode()).hexdigest()[:16]
