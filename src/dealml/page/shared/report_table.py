"""A table of a report page: values with their notes, drawn by the macro `wide` of `templates/wide.html.j2`."""

from __future__ import annotations

from dataclasses import dataclass

NONE = "\u2013"
"""What stands where there is no value."""


@dataclass(frozen=True)
class ReportCell:
    """A value, and its interval or what else there is to say of it."""

    value: str
    note: str = ""
    loose: bool = False
    """Whether the note may break into lines."""


@dataclass(frozen=True)
class ReportTable:
    """A caption, column heads, and rows whose first cell is their head."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[ReportCell, ...], ...]


def cells(*values: object) -> tuple[ReportCell, ...]:
    """A row of values without notes."""
    return tuple(ReportCell(str(value)) for value in values)
