"""Patterns over columns of texts, in RE2: linear in the length of a text, whatever the pattern."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def is_all(texts: pd.Series, pattern: str) -> pd.Series:
    """Whether each text is, from end to end, of a pattern; false where there is none."""
    return holds(texts, f"^(?:{pattern})$")


def holds(texts: pd.Series, pattern: str) -> pd.Series:
    """Whether each text holds a pattern; false where there is none."""
    matches = pc.match_substring_regex(plain_arrow(texts), pattern)
    return pd.Series(pc.fill_null(matches, False).to_numpy(zero_copy_only=False), index=texts.index)


def plain_arrow(series: pd.Series) -> pa.Array:
    """A column as one Arrow array; a column of nothing as texts."""
    array = pa.array(series, from_pandas=True)
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return array.cast(pa.large_string()) if pa.types.is_null(array.type) else array
