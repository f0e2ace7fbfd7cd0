"""Rows that continue the one above: an export of a record with several values of one column leaves the other cells empty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from dealml.importing.files.chunk import BROKEN, LINE

_NO_ROW = "continues the row above, but there is none that can be read"


def continued(chunks: Iterable[pd.DataFrame], column: str) -> Iterator[pd.DataFrame]:
    """The rows with the cells that they leave empty filled in from their record's first row, and with its line: they
    are parts of that row.

    Parameters
    ----------
    column
        The column whose empty cell says that a row continues the record above.
    """
    first: pd.DataFrame | None = None
    for chunk in chunks:
        joined = chunk if first is None else pd.concat([first, chunk], ignore_index=True)
        filled, first = _filled(joined, column)
        yield filled if len(joined) == len(chunk) else filled.iloc[1:].reset_index(drop=True)


def _filled(chunk: pd.DataFrame, column: str) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """The chunk filled in, and the first row of its last record."""
    continues = (chunk[column].str.strip() == "") & chunk[BROKEN].isna()
    first = np.maximum.accumulate(np.where(continues, -1, np.arange(len(chunk))))
    heads = chunk.take(np.maximum(first, 0)).reset_index(drop=True)
    lost = continues & ((first < 0) | heads[BROKEN].notna())
    names = [name for name in chunk.columns if name not in (LINE, BROKEN)]
    filled = chunk.copy()
    for name in names:
        filled[name] = chunk[name].mask(continues & ~lost & (chunk[name].str.strip() == ""), heads[name])
    filled[LINE] = chunk[LINE].mask(continues & ~lost, heads[LINE])
    filled[BROKEN] = chunk[BROKEN].mask(lost, _NO_ROW)
    last = int(first[-1]) if len(first) else -1
    return filled, chunk.iloc[[last]].reset_index(drop=True) if last >= 0 else None
