"""What verbs print: tables or one JSON object on standard output, progress on standard error."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dealml.formatting import MINUS, SYMBOLS
from dealml.progress_bars import progress_bars

progress = progress_bars

_NUMBER = re.compile(rf"(under |over )?[+{MINUS}-]?([{''.join(map(re.escape, SYMBOLS.values()))}]|[A-Z]{{3}}\u00a0)?\d|[{MINUS}–]?$")
"""How a cell of a column of numbers begins; an empty one, or a dash, is no word either."""


def say(text: str = "") -> None:
    """Print a line on standard output."""
    print(text)


def warn(text: str) -> None:
    """Print a line on standard error."""
    print(text, file=sys.stderr)


def say_json(content: Mapping[str, Any]) -> None:
    """Print one JSON object; what is not a number is null."""
    print(json.dumps(_plain(content), ensure_ascii=False, indent=1))


def say_table(columns: Sequence[str], rows: Sequence[Sequence[object]], title: str = "") -> None:
    """Print a table; columns of numbers stand to the right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for index, name in enumerate(columns):
        numeric = all(_is_number(row[index]) for row in rows)
        table.add_column(name, justify="right" if numeric and rows else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    console.print(table)


def _is_number(cell: object) -> bool:
    return bool(_NUMBER.match(str(cell).strip()))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
