"""Which of today's values of records are news."""

from __future__ import annotations

from dealml.importing.identity.lives.merged_ids import with_absorbed
from dealml.importing.identity.sql import VALUES, empty, packed
from dealml.importing.identity.workspace import Workspace
from dealml.ledger.schema import TABLES


def new_current_values(work: Workspace, name: str, fresh: str) -> str:
    """Of facts that are not on record, those that say something new about today's values.

    A current value that a later extract shows unchanged is no news; one that differs from the last is. What an attribute is
    now said to have been at a moment for which another value is on record was not known then: it is news of the extract.
    An empty cell is news where the ledger has a value: the attribute was cleared. What was merged into a record counts as its own.
    """
    return _CURRENT.format(
        new=fresh,
        held=work.stored(name),
        merged=with_absorbed(work, name, "held"),
        entity=TABLES[name].entity,
        seen=work.seen,
        value=packed(VALUES),
        order=packed(["occurred_at", "recorded_at", "sequence", "number", "text", "amount", "moment"]),
        is_empty=empty("dated"),
        was_empty=" AND ".join(f'last.value."{column}" IS NULL' for column in VALUES),
    )


_CURRENT = """
    WITH fresh AS ({new}), held AS (SELECT * FROM {held}),
    known AS (SELECT DISTINCT {entity}, field, occurred_at, recorded_at, "sequence" FROM held),
    dated AS (
        SELECT fresh.* REPLACE (if(known.field IS NULL, fresh.occurred_at, {seen}) AS occurred_at,
                                if(known.field IS NULL, fresh.recorded_at, {seen}) AS recorded_at)
        FROM fresh LEFT JOIN known ON fresh.{entity} = known.{entity} AND fresh.field = known.field
            AND fresh.occurred_at = known.occurred_at AND fresh.recorded_at = known.recorded_at
            AND fresh."sequence" IS NOT DISTINCT FROM known."sequence"),
    last AS (SELECT {entity}, field, arg_max({value}, {order}) AS value FROM {merged} WHERE recorded_at <= {seen} GROUP BY ALL)
    SELECT dated.* FROM dated LEFT JOIN last USING ({entity}, field)
    WHERE NOT (dated.recorded_at = {seen} AND dated.occurred_at = {seen} AND last.value IS NOT NULL
               AND {value} IS NOT DISTINCT FROM last.value)
      AND NOT ({is_empty} AND (last.value IS NULL OR ({was_empty})))"""
