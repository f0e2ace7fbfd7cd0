"""What record events may say: a closed vocabulary, and a merge needs the record that it became part of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from dealml.importing.source_rows import SourceRows

KINDS = ("account", "contact", "deal", "lead")
EVENTS = ("deleted", "merged", "restored")


def require_record_events(rows: SourceRows, values: dict[str, pd.Series]) -> None:
    """Refuse rows with another kind or event, and merges into nothing."""
    for name, allowed in (("kind", KINDS), ("event", EVENTS)):
        unheard_of = values[name].notna() & ~values[name].isin(allowed)
        rows.refuse(unheard_of, rows.extract.columns[name], values[name], f"expected one of {', '.join(allowed)}", "unknown_word")
    into = values.get("into_id", pd.Series(None, index=rows.chunk.index, dtype="str"))
    origin = rows.extract.columns.get("into_id", rows.extract.columns["event"])
    rows.refuse((values["event"] == "merged") & into.isna(), origin, into, "is empty; a merge needs the record that it became part of")
