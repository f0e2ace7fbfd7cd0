"""Events without a time of recording: the same event in a later extract is the same event.

Rows that the source dates by one clock only are recorded when their extract was taken. In the next full extract they would
seem new, so they are recognised by their content without `recorded_at`:

- a row with an id of its own (an offer, an order, a ticket …) is one event, however often it is repeated;
- rows of a table in `COUNTED` without an id are counted: two equal calls of one day are two calls, in every extract that
  has both. The second and later ones get a `sequence`, 2, 3, …; where the mapping names a sequence, that tells rows apart.
  Rows of several files of one import are counted together;
- of everything else, equal rows say the same thing once.

Events of a merged record, which the CRM may list under the surviving one from then on, are events of that one.

An extract that is imported late adds nothing of what the ledger has already, although it knew it earlier: the ledger never
takes back a fact, and the event would stand there twice.
"""

from __future__ import annotations

from dealml.importing.identity.lives.merged_ids import as_merged
from dealml.importing.identity.sql import columns_of, listed, parquet, same
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.extract import Extract
from dealml.ledger.corrections import corrections_of

COUNTED = {
    "activities": None,
    "usage": None,
    "surveys": None,
    "offers": "offer_id",
    "subscriptions": "subscription_id",
    "purchases": "order_id",
    "tickets": "ticket_id",
}
"""Tables of which equal rows are several events, and the column that holds an event's id where there is one."""


def new_events(work: Workspace, name: str, incoming: str, extract: Extract) -> str:
    """The query of an extract's facts that the ledger lacks, whatever the moment of their recording."""
    if name in COUNTED and "sequence" not in extract.columns:
        return _counted(work, name, incoming, extract.file)
    content = columns_of(name, but=["recorded_at"])
    return _ONCE.format(
        columns=listed(columns_of(name)),
        content=listed(content),
        incoming=as_merged(work, name, incoming),
        stored=as_merged(work, name, work.stored(name)),
        seen=work.seen,
    )


def _counted(work: Workspace, name: str, incoming: str, file: str) -> str:
    content, identifier = columns_of(name, but=["recorded_at", "sequence"]), COUNTED[name]
    earlier = work.counted_rows.get(name, [])
    # Two extracts that read one file may take the same row twice.
    of_other_files = [] if any(other == file for other, _ in earlier) else [path for _, path in earlier]
    before = work.current(name) if of_other_files else on_record(work, name, content)
    names = {
        "columns": listed(columns_of(name)),
        "content": listed(content),
        "its_content": listed(content, "g"),
        "once": f'"{identifier}" IS NOT NULL' if identifier else "false",
        "incoming": as_merged(work, name, incoming),
        "stored": as_merged(work, name, before),
        "earlier": as_merged(work, name, parquet(of_other_files)) if of_other_files else f"(SELECT * FROM {incoming} LIMIT 0)",
        "same_content": same("i", "g", content),
        "seen": work.seen,
    }
    return _NUMBERED.format(**names, groups=parquet([work.write(_COUNTED.format(**names))]))


def on_record(work: Workspace, name: str, content: list[str]) -> str:
    """What is on record and holds: an event that returns to what it was before a correction is news."""
    if not work.published(corrections_of(name)):
        return work.stored(name)
    return f"(SELECT {listed(content)} FROM {work.current(name)} UNION ALL SELECT {listed(content)} FROM {work.in_import(name)})"


_ONCE = """
    SELECT {columns}, "row" FROM (
        SELECT {content}, {seen} AS recorded_at, min("row") AS "row"
        FROM (SELECT {content}, "row", false AS is_held FROM {incoming} UNION ALL SELECT {content}, NULL, true FROM {stored})
        GROUP BY {content} HAVING NOT bool_or(is_held))"""

# Each content that is news, with how many of it are new. Lists of rows would not fit into an import's memory where millions are equal.
_COUNTED = """
    SELECT *, row_number() OVER () AS number FROM (
        SELECT *, greatest(stored, earlier) AS copies, {once} AS is_once, CASE WHEN {once} THEN if(stored + earlier = 0, 1, 0)
                  ELSE greatest(0, earlier + arrived - stored) - greatest(0, earlier - stored) END AS added
        FROM (SELECT {content}, count(*) FILTER (origin = 'ledger') AS stored, count(*) FILTER (origin = 'file') AS earlier,
                     count("row") AS arrived, min("row") AS "row"
              FROM (SELECT {content}, "row", 'row' AS origin FROM {incoming}
                    UNION ALL SELECT {content}, NULL, 'ledger' FROM {stored} UNION ALL SELECT {content}, NULL, 'file' FROM {earlier})
              GROUP BY {content} HAVING count("row") > 0))
    WHERE added > 0"""

# The rows that are new are the last ones of each group; which of equal rows is the first makes no difference.
_NUMBERED = """
    WITH placed AS (
        SELECT g.number, i."row", row_number() OVER (PARTITION BY g.number ORDER BY i."row" DESC) AS place
        FROM {incoming} AS i JOIN (SELECT * FROM {groups} WHERE arrived > 1 AND NOT is_once) AS g ON {same_content})
    SELECT {columns}, "row" FROM (
        SELECT {content}, {seen} AS recorded_at, if(copy = 1, NULL, copy) AS "sequence", "row" FROM (
            SELECT {content}, "row", copies + 1 AS copy FROM {groups} WHERE arrived = 1 OR is_once
            UNION ALL SELECT {its_content}, p."row", copies + added + 1 - place AS copy
            FROM {groups} AS g JOIN placed AS p USING (number) WHERE place <= added))"""
