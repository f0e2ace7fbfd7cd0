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
BLOCK = 1 << 18
"""Characters that are read at a time: rows are looked at by the block, since looking at each by itself takes longer than reading it."""
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


Columns = dict[str, pa.Array]
"""The columns of some rows, with `LINE` and `BROKEN`."""


class Block(NamedTuple):
    """Some rows, and how many characters they have, at least."""

    rows: Sequence[ReadRow]
    characters: int
    columns: Columns | None = None
    """The columns of the rows, in place of them, where they were read many at a time; all are whole."""


def in_blocks(rows: Iterable[ReadRow]) -> Iterator[Block]:
    """Rows that are read one by one, in blocks."""
    block: list[ReadRow] = []
    characters = 0
    for row in rows:
        block.append(row)
        characters += sum(map(len, row.cells)) + 1
        if characters >= BLOCK:
            yield Block(block, characters)
            block, characters = [], 0
    if block:
        yield Block(block, characters)


def in_chunks(blocks: Iterable[Block], positions: dict[str, int]) -> Iterator[pd.DataFrame]:
    """Frames of the wanted columns, none of more rows or characters than memory has room for, give or take a block.

    Parameters
    ----------
    positions
        The number of each wanted column's cell.
    """
    parts: list[Columns] = []
    length = characters = 0
    for block in blocks:
        # Rows become columns at once: of many small objects that live long the garbage collector looks at each time and again.
        columns = _columns(block.rows, positions) if block.columns is None else block.columns
        start, rows, characters = 0, len(columns[LINE]), characters + block.characters
        while start < rows:
            part = {name: values.slice(start, CHUNK - length) for name, values in columns.items()}
            parts.append(part)
            start, length = start + len(part[LINE]), length + len(part[LINE])
            if length >= CHUNK or (characters >= MOST_CHARACTERS and start == rows):
                yield _joined(parts)
                parts, length, characters = [], 0, 0
    if parts:
        yield _joined(parts)


def frame(rows: Sequence[ReadRow], positions: dict[str, int]) -> pd.DataFrame:
    """The wanted columns of some rows; a cell that is no text breaks its row."""
    return _joined([_columns(rows, positions)])


def _columns(rows: Sequence[ReadRow], positions: dict[str, int]) -> Columns:
    nothing = [""] * (max(positions.values(), default=0) + 1)
    cells = [nothing if row.broken else row.cells for row in rows]
    broken = [row.broken for row in rows]
    texts = {name: [row[position] for row in cells] for name, position in positions.items()}
    try:
        columns = {name: pa.array(values, pa.large_string()) for name, values in texts.items()}
    except UnicodeEncodeError:
        whole = _without_broken(texts, broken)
        columns = {name: pa.array(values, pa.large_string()) for name, values in whole.items()}
    return {**columns, LINE: pa.array([row.line for row in rows], pa.int64()), BROKEN: pa.array(broken, pa.large_string())}


def _joined(parts: Sequence[Columns]) -> pd.DataFrame:
    columns = {name: pa.concat_arrays([part[name] for part in parts]) for name in parts[0]}
    return pd.DataFrame({name: values.to_numpy() if name == LINE else series(values) for name, values in columns.items()})


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
