"""Events with an id and both clocks: which of them are on record already, and when a correction of one is recorded.

A source may date the same event anew each time that it writes the row. Such a row, the same but for `recorded_at`, is no other
event; where an extract has more of them than the ledger, the later ones are. A row that the ledger has word for word, but has
corrected since, is the value that the source wrote back, recorded at the extract: unless the correction has a time of its own, by
which the row is an old one.

A correction is recorded when its row says, if that is later than the earlier row and than the extracts that did not show it yet;
otherwise the source wrote over the event in silence, and the correction is recorded when its extract was taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dealml.importing.identity.events.repeated_events import COUNTED
from dealml.importing.identity.lives.merged_ids import as_merged
from dealml.importing.identity.sql import columns_of, listed, parquet, same
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.extract import Extract
from dealml.ledger.corrections import REPLACED, corrections_of
from dealml.ledger.sql import literal


@dataclass(frozen=True)
class Clocks:
    """What the clocks of an extract say about corrections, in SQL: `n` is the new row, `o` the one on record."""

    recorded: str
    """When a correction is recorded."""
    is_late: str
    """Whether the ledger has the event from a later extract."""
    clocks: tuple[str, ...]
    """The clocks that the extract's rows have of their own."""
    is_same_moment: bool = False
    """Whether the file's rows of the extract's very moment are on record: which of two rows is the later is then unknown."""

    def in_pairs(self, incoming: str) -> dict[str, str]:
        """The parts of the query of pairs; rows reach back to one on record if none of their clocks begins later."""
        reached = (f"o.{clock} >= (SELECT min({clock}) FROM {incoming})" for clock in self.clocks)
        return {"recorded": self.recorded, "is_late": self.is_late, "reaches_back": " AND ".join(reached)}


def clocks_of(work: Workspace, extract: Extract) -> Clocks:
    """What the clocks of an extract's rows say."""
    if "recorded_at" not in extract.columns:
        return Clocks("n.recorded_at", f"o.recorded_at > {work.seen}", ("occurred_at",))
    times = work.times_of(extract.file, extract.into)
    earlier = [time for time in times if time < work.extracted_at]
    last = f"greatest(o.recorded_at, {literal(earlier[-1])})" if earlier else "o.recorded_at"
    recorded = f"CASE WHEN n.recorded_at > {last} THEN n.recorded_at ELSE greatest({work.seen}, n.recorded_at) END"
    is_late = "true" if times and times[-1] > work.extracted_at else f"o.recorded_at > greatest({work.seen}, n.recorded_at)"
    return Clocks(recorded, is_late, ("occurred_at", "recorded_at"), work.extracted_at in times)


def recorded_once(work: Workspace, name: str, fresh: Path, incoming: Sequence[Path]) -> str:
    """The query of an extract's new facts with both clocks, without events that are on record but for `recorded_at`.

    Parameters
    ----------
    incoming
        All facts of the import's extracts in that table.
    """
    columns, content = columns_of(name), columns_of(name, but=["recorded_at"])
    rows = as_merged(work, name, parquet([fresh]))
    return _ONCE.format(
        id=f'"{COUNTED[name]}"',
        columns=listed(columns),
        content=listed(content),
        same_content=same("f", "k", content),
        fresh=_written_back(work, name, rows),
        incoming=as_merged(work, name, parquet(incoming)),
        current=as_merged(work, name, work.current(name)),
    )


def _written_back(work: Workspace, name: str, rows: str) -> str:
    """Rows of an extract; those that the ledger has word for word, but has corrected since, as of the extract, or not at all."""
    corrections = work.published(corrections_of(name))
    if not corrections:
        return rows
    columns = columns_of(name)
    return _WRITTEN_BACK.format(
        replaced=", ".join(f'"{REPLACED}{column}" AS "{column}"' for column in columns),
        columns=listed(columns),
        corrections=parquet(corrections),
        rows=rows,
        same=same("r", "c", columns),
        by_extracts=", ".join(map(literal, work.extract_times(name))) or "NULL",
        seen=work.seen,
    )


_WRITTEN_BACK = """(
    SELECT r.* REPLACE (if(c.last_at IS NULL, r.recorded_at, {seen}) AS recorded_at)
    FROM {rows} AS r LEFT JOIN (
        SELECT {columns}, max(last_at) AS last_at FROM (SELECT {replaced}, recorded_at AS last_at FROM {corrections}) GROUP BY {columns}
    ) AS c ON {same}
    WHERE c.last_at IS NULL OR c.last_at IN ({by_extracts}))"""

# `known` counts the events on record that the import does not show word for word: rows that it shows dated anew are these.
_ONCE = """
    WITH ids AS (SELECT DISTINCT {id} FROM {fresh} WHERE {id} IS NOT NULL),
    known AS (
        SELECT {content}, count(*) AS number FROM (
            SELECT {columns} FROM {current} SEMI JOIN ids USING ({id})
            EXCEPT SELECT {columns} FROM {incoming} SEMI JOIN ids USING ({id}))
        GROUP BY {content}),
    places AS (
        SELECT *, row_number() OVER (PARTITION BY {content} ORDER BY recorded_at, "row") AS place FROM {fresh})
    SELECT f.* EXCLUDE (place) FROM places AS f LEFT JOIN known AS k ON {same_content}
    WHERE f.{id} IS NULL OR f.place > coalesce(k.number, 0)"""
