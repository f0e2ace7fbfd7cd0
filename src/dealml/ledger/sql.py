"""Values as SQL text for DuckDB."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path


def literal(value: datetime | str | float | Path) -> str:
    """A value as a SQL literal: a moment as TIMESTAMPTZ, a number, or a text or path in single quotes."""
    if isinstance(value, datetime):
        return f"TIMESTAMPTZ '{value.isoformat()}'"
    if isinstance(value, float):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"
