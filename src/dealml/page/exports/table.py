"""What a table of values is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

CellValue = str | float | int | Decimal | date | None
Kind = Literal["text", "number", "money", "share", "date"]


@dataclass(frozen=True)
class ExportColumn:
    """A head and what stands below it; shares are parts of one."""

    name: str
    kind: Kind


@dataclass(frozen=True)
class ExportTable:
    """Rows of values; `name` is that of its file and of its sheet."""

    name: str
    columns: tuple[ExportColumn, ...]
    rows: tuple[tuple[CellValue, ...], ...]


def columns(specification: str) -> tuple[ExportColumn, ...]:
    """Columns from their names; one that is no text has its kind after a colon."""

    def column(word: str) -> ExportColumn:
        name, _, kind = word.partition(":")
        column_kind: Kind = next(each for each in get_args(Kind) if each == (kind or "text"))
        return ExportColumn(name, column_kind)

    return tuple(map(column, specification.split()))
