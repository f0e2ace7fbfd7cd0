"""JSON Lines: an object a line, its values as the texts that they are written as."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from dealml.errors import InputError
from dealml.importing.files.chunk import LONGEST_ROW, ReadRow, in_blocks, in_chunks
from dealml.importing.files.header import composed
from dealml.importing.files.streams import open_text
from dealml.importing.mapping.csv_form import Csv

MOST_COLUMNS = 10_000
_UNREADABLE = (EOFError, OSError, zlib.error)


def json_columns(path: Path, form: Csv) -> list[str]:
    """The names that any of the objects has, in the order in which they come first.

    Raises
    ------
    InputError
        When there are more than `MOST_COLUMNS`.
    """
    names: dict[str, None] = {}
    for _, values, _ in _objects(path, form):
        names.update(dict.fromkeys(values))
        if len(names) > MOST_COLUMNS:
            raise InputError(f"{path}: its objects have more than {MOST_COLUMNS} names; is it a table?")
    return list(names)


def json_chunks(path: Path, form: Csv, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    """The rows of a file of JSON Lines; a name that an object lacks is an empty cell."""
    records = (_record(*row, columns) for row in _objects(path, form))
    yield from in_chunks(in_blocks(records), {name: n for n, name in enumerate(columns)})


def _record(line: int, values: dict[str, Any], broken: str | None, columns: Sequence[str]) -> ReadRow:
    cells = [values.get(name, "") for name in columns]
    nested = next((name for name, cell in zip(columns, cells, strict=True) if not isinstance(cell, str)), None)
    return ReadRow(line, () if broken or nested else cells, broken or (nested and f"{nested} is a list or an object, not a value"))


def _objects(path: Path, form: Csv) -> Iterator[tuple[int, dict[str, Any], str | None]]:
    """Line, values and what is wrong, for each line that is not blank."""
    number = 0
    try:
        with open_text(path, form.encoding) as stream:
            while line := stream.readline(LONGEST_ROW):
                number += 1
                whole = len(line) < LONGEST_ROW or line.endswith("\n")
                if not whole:
                    while (rest := stream.readline(LONGEST_ROW)) and not rest.endswith("\n"):
                        continue
                    yield number, {}, f"is longer than {LONGEST_ROW} characters"
                elif line.strip():
                    yield number, *_parsed(line, form.decimal)
    except _UNREADABLE as error:
        raise InputError(f"{path}:{number}: cannot be read as JSON Lines ({error})") from error


def _parsed(line: str, decimal: str) -> tuple[dict[str, Any], str | None]:
    try:
        values = json.loads(
            line,
            object_pairs_hook=_unique,
            parse_int=str,
            parse_float=lambda text: text.replace(".", decimal),
            parse_constant=_no_constant,
        )
    except (ValueError, RecursionError) as error:
        return {}, f"is no JSON ({error})"
    if not isinstance(values, dict):
        return {}, "is no JSON object"
    return {composed(name): _text(value) for name, value in values.items()}, None


def _text(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError("a name stands twice in an object")
    return values


def _no_constant(text: str) -> str:
    raise ValueError(f"{text} is no number")
