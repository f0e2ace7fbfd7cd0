"""Chunks: the rows of a file as columns of text, with the line of each and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

CHUNK = 100_000
"""Rows of a chunk."""
MOST_CHARACTERS = 8 << 20
"""Characters of a chunk: one of long rows has fewer rows."""
LONGEST_ROW = 1 << 20
"""Characters of a row; a longer one is no row, so that no line however long fills the memory."""

LINE = "\0line"
"""The column that holds a row's line (CSV) or number (Parquet, workbooks) in its file."""

BROKEN = "\0broken"
"""The column that says why a row as a whole cannot be understood; null for most."""

CONTENT = "\0content"
"""The column that holds a row's id where its content is its id."""

UNDECODABLE = "\udcff"
"""Stands for bytes that are no text; it cannot be text itself."""


class ReadRow(NamedTuple):
    """A row as it is read: its line, its cells, and what is wrong with it."""

    line: int
    cells: Sequence[str]
    broken: str | None = None


def in_chunks(records: Iterable[ReadRow], positions: dict[str, int]) -> Iterator[pd.DataFrame]:
    """Frames of the wanted columns, none of more rows or characters than memory has room for.

    Parameters
    ----------
    positions
        The number of each wanted column's cell.
    """
    chunk: list[ReadRow] = []
    characters = 0
    for record in records:
        chunk.append(record)
        characters += sum(map(len, record.cells))
        if len(chunk) >= CHUNK or characters >= MOST_CHARACTERS:
            yield frame(chunk, positions)
            chunk, characters = [], 0
    if chunk:
        yield frame(chunk, positions)


def frame(chunk: Sequence[ReadRow], positions: dict[str, int]) -> pd.DataFrame:
    """The wanted columns of some records; a cell that is no text breaks its row."""
    nothing = [""] * (max(positions.values(), default=0) + 1)
    rows = [nothing if record.broken else record.cells for record in chunk]
    broken = [record.broken for record in chunk]
    texts = {name: [row[position] for row in rows] for name, position in positions.items()}
    try:
        columns = {name: strings(values) for name, values in texts.items()}
    except UnicodeEncodeError:
        columns = {name: strings(values) for name, values in _without_broken(texts, broken).items()}
    return pd.DataFrame({**columns, LINE: [record.line for record in chunk], BROKEN: strings(broken)})


def _without_broken(texts: dict[str, list[str]], broken: list[str | None]) -> dict[str, list[str]]:
    """The texts with rows emptied that hold a cell of no text; these are marked as broken."""
    for number, row in enumerate(zip(*texts.values(), strict=True)):
        if any(not _is_text(cell) for cell in row):
            broken[number] = "holds bytes that are no text: is the encoding right?"
    return {name: ["" if bad else text for text, bad in zip(values, broken, strict=True)] for name, values in texts.items()}


def _is_text(cell: str) -> bool:
    return cell.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in cell)


def strings(values: list[Any]) -> pd.Series:
    """A column of texts."""
    return series(pa.array(values, pa.large_string()))


def series(texts: pa.Array) -> pd.Series:
    """A column of an array of texts."""
    return pd.Series(pd.array(texts, dtype="str"))
