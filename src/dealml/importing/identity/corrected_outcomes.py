"""Outcomes in a file that holds one row for each deal: the date of a win that was written over is a correction."""

from __future__ import annotations

from dealml.importing.identity.sql import columns_of, listed, parquet, same
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.extract import Extract


def corrects(work: Workspace, extract: Extract, incoming: str) -> bool:
    """Whether a file that came before holds all closed deals again: more than half of those that came from it.

    An extract of only the new closings says nothing about the old ones.
    """
    before = work.fed_by(extract.file, "outcomes")
    if not before:
        return False
    deals = f"SELECT DISTINCT deal_id FROM {parquet(before)} WHERE recorded_at <= {work.seen}"
    there = work.number(f"SELECT count(*) FROM ({deals}) SEMI JOIN {incoming} AS i USING (deal_id)")
    return there * 2 > work.number(f"SELECT count(*) FROM ({deals})")


def new_outcomes(work: Workspace, incoming: str) -> str:
    """The query of the outcomes that are news, compared with the last one that the ledger has of each deal.

    - The same outcome with another date: a correction, recorded when the extract was taken.
    - Another outcome, dated no later than the ledger's last: it was not known then, and is recorded when the extract was taken.
    - Another outcome with a later date: as the row says.
    """
    return _NEWS.format(
        columns=listed(columns_of("outcomes")),
        its_columns=listed(columns_of("outcomes"), "i"),
        incoming=incoming,
        held=work.in_ledger("outcomes"),
        imported=work.in_import("outcomes"),
        same_content=same("i", "last", ["outcome", "occurred_at", "reason", "competitor"]),
        same_fact=same("i", "held", columns_of("outcomes")),
        seen=work.seen,
    )


# A row that stands in the ledger word for word is news only where another outcome came in between.
_NEWS = """
    WITH incoming AS (
        SELECT {columns}, min("row") AS "row"
        FROM (SELECT {columns}, "row", false AS is_held FROM {incoming} UNION ALL SELECT {columns}, NULL, true FROM {imported})
        GROUP BY {columns} HAVING NOT bool_or(is_held)),
    held AS (SELECT * FROM {held} WHERE deal_id IN (SELECT deal_id FROM incoming)),
    last AS (
        SELECT * FROM held WHERE recorded_at <= {seen}
        QUALIFY row_number() OVER (PARTITION BY deal_id
            ORDER BY recorded_at DESC, occurred_at DESC, "sequence" DESC, outcome, reason, competitor) = 1),
    judged AS (
        SELECT {its_columns}, i."row", last.deal_id IS NOT NULL AND {same_content} AS is_last,
               last.outcome IS NOT DISTINCT FROM i.outcome AS is_same_outcome,
               last.recorded_at >= i.recorded_at AS is_late,
               EXISTS (SELECT 1 FROM held WHERE {same_fact}) AS is_on_record
        FROM incoming AS i LEFT JOIN last USING (deal_id))
    SELECT {columns}, "row" FROM (
        SELECT * REPLACE (if(is_same_outcome OR is_late, {seen}, recorded_at) AS recorded_at)
        FROM judged WHERE NOT is_last AND NOT (is_on_record AND (is_same_outcome OR NOT is_late)))"""
