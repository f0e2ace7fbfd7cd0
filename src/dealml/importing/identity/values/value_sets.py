"""Attributes with several values at once: which sets of values are news.

All values of an attribute with the same clocks are one set, in whatever order. A set that differs from the last one is news as a
whole, also where only a value has gone: all its values are recorded again.
"""

from __future__ import annotations

from dealml.importing.identity.lives.merged_ids import with_absorbed
from dealml.importing.identity.sql import VALUES, columns_of, empty, listed, packed, same
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.extract import Extract
from dealml.ledger.schema import TABLES
from dealml.ledger.sql import literal


def sets_of(work: Workspace, extract: Extract) -> str | None:
    """The condition on changes of an extract whose attribute may have several values at once; None where none has.

    These are attributes that are split, and those of rows that continue the one above, unless a declared order says which of
    several values counts.
    """
    if "text" in extract.columns and extract.columns["text"].split:
        return "true"
    continued = work.mapping.of(extract).csv.continues
    fields = [name for name, attribute in extract.attributes.items() if attribute.split or (continued and not attribute.order)]
    return f"field IN ({', '.join(map(literal, fields))})" if fields else None


def new_current_sets(work: Workspace, name: str, incoming: str, fresh: str) -> str:
    """The query of today's sets that are news.

    Parameters
    ----------
    incoming
        All facts of the extract that belong to sets, as a table in SQL.
    fresh
        The query of those that are not on record.
    """
    key = [TABLES[name].entity, "field"]
    clocks = ["occurred_at", "recorded_at", "sequence"]
    return _CURRENT.format(
        new=fresh,
        incoming=incoming,
        held=work.stored(name),
        merged=with_absorbed(work, name, "held"),
        columns=listed(columns_of(name), "i"),
        key=listed(key),
        clocks=packed(clocks),
        all_clocks=listed([*key, *clocks]),
        set=_SET.format(value=packed(VALUES)),
        held_empty=empty("held"),
        dated_empty=empty("dated"),
        same_fresh=same("i", "f", [*key, *clocks]),
        same_told=same("i", "told", [*key, *clocks]),
        same_latest=same("held", "latest", key),
        same_set=same("dated", "sets", [*key, "occurred_at", "recorded_at"]),
        same_last=same("dated", "last", key),
        seen=work.seen,
    )


def new_sets_of_history(work: Workspace, name: str, incoming: str, fresh: str) -> str:
    """The query of a history's sets that are news.

    Another set for a moment for which the ledger has one was written over in the source: it is recorded when the extract was taken.
    The newest set of a moment is compared with the last one on record, an older one with what the ledger has for its own clocks.
    """
    if not work.ledger.files(name):
        return fresh
    key = [TABLES[name].entity, "field", "occurred_at", "sequence"]
    return _HISTORY.format(
        new=fresh,
        incoming=incoming,
        held=work.in_ledger(name),
        columns=listed(columns_of(name)),
        its_columns=listed(columns_of(name), "i"),
        key=listed(key),
        set=_SET.format(value=packed(VALUES)),
        same_incoming=same("h", "w", key),
        same_told=same("i", "told", [*key, "recorded_at"]),
        same_latest=same("held", "latest", [*key, "recorded_at"]),
        same_set=same("i", "sets", [*key, "recorded_at"]),
        same_last=same("i", "last", key),
        same_newest=same("i", "newest", key),
        same_on_record=same("i", "on_record", [*key, "recorded_at"]),
        same_fact=same("i", "f", columns_of(name)),
        seen=work.seen,
    )


_SET = "list_sort(list(DISTINCT {value}))"

_CURRENT = """
    WITH fresh AS ({new}), held AS (SELECT * FROM {held}),
    whole AS (
        SELECT {columns}, min(i."row") AS "row" FROM {incoming} AS i
        WHERE EXISTS (SELECT 1 FROM fresh AS f WHERE {same_fresh}) GROUP BY {columns}),
    told AS (SELECT DISTINCT {all_clocks}, true AS is_told FROM held),
    dated AS (
        SELECT i.* REPLACE (if(is_told, {seen}, i.occurred_at) AS occurred_at, if(is_told, {seen}, i.recorded_at) AS recorded_at)
        FROM whole AS i LEFT JOIN told ON {same_told}),
    sets AS (SELECT {key}, occurred_at, recorded_at, {set} AS content FROM dated GROUP BY ALL),
    latest AS (SELECT {key}, max({clocks}) AS clocks FROM {merged} WHERE recorded_at <= {seen} GROUP BY ALL),
    last AS (
        SELECT {key}, {set} AS content, bool_and({held_empty}) AS is_empty FROM (
            SELECT held.* FROM {merged} AS held JOIN latest ON {same_latest} WHERE {clocks} IS NOT DISTINCT FROM latest.clocks) AS held
        GROUP BY ALL)
    SELECT dated.* FROM dated JOIN sets ON {same_set} LEFT JOIN last ON {same_last}
    WHERE NOT (dated.recorded_at = {seen} AND dated.occurred_at = {seen} AND sets.content IS NOT DISTINCT FROM last.content)
      AND NOT ({dated_empty} AND coalesce(last.is_empty, true))"""

_HISTORY = """
    WITH fresh AS ({new}), whole AS (SELECT {columns}, min("row") AS "row" FROM {incoming} GROUP BY {columns}),
    held AS (SELECT h.* FROM {held} AS h WHERE EXISTS (SELECT 1 FROM whole AS w WHERE {same_incoming})),
    told AS (SELECT DISTINCT {key}, recorded_at, true AS is_told FROM held),
    latest AS (SELECT {key}, max(recorded_at) AS recorded_at FROM held WHERE recorded_at <= {seen} GROUP BY ALL),
    last AS (SELECT {key}, {set} AS content FROM (SELECT held.* FROM held JOIN latest ON {same_latest}) GROUP BY ALL),
    sets AS (SELECT {key}, recorded_at, {set} AS content FROM whole GROUP BY ALL),
    newest AS (SELECT {key}, max(recorded_at) AS recorded_at FROM sets GROUP BY ALL),
    on_record AS (SELECT {key}, recorded_at, {set} AS content FROM held GROUP BY ALL),
    judged AS (
        SELECT {its_columns}, i."row", coalesce(is_told, false) AS is_told, sets.content IS NOT DISTINCT FROM
                   if(i.recorded_at = newest.recorded_at, last.content, on_record.content) AS is_last
        FROM whole AS i JOIN sets ON {same_set} JOIN newest ON {same_newest} LEFT JOIN on_record ON {same_on_record}
            LEFT JOIN told ON {same_told} LEFT JOIN last ON {same_last})
    SELECT i.* EXCLUDE (is_told, is_last) REPLACE (if(is_told, {seen}, recorded_at) AS recorded_at) FROM judged AS i
    WHERE if(is_told, NOT is_last, EXISTS (SELECT 1 FROM fresh AS f WHERE {same_fact}))"""
