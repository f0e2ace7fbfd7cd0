"""Which rows about deals, accounts, contacts and leads are news: records that the ledger lacks, or that say something else now."""

from __future__ import annotations

from dealml.importing.identity.sql import columns_of, listed, moment_of, packed, same
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.extract import Extract
from dealml.ledger.schema import TABLES


def new_records(work: Workspace, name: str, fresh: str, incoming: str, extract: Extract) -> str:
    """The query of an extract's facts about records that are news.

    A record that has moved to another account while its clocks stayed the same is news of the extract: what the ledger
    has for these clocks was known until then.

    Parameters
    ----------
    fresh
        The query of the facts that are not on record word for word.
    incoming
        All facts of the extract, as a table in SQL.
    """
    if not work.ledger.files(name):
        return fresh
    key = moment_of(name)
    clocks = [*key, "recorded_at"] if "recorded_at" in extract.columns else key
    content = columns_of(name, but=["occurred_at", "recorded_at", "sequence"])
    return _NEWS.format(
        columns=listed(columns_of(name)),
        its_columns=listed(columns_of(name), "i"),
        incoming=incoming,
        held=work.in_ledger(name),
        imported=work.in_import(name),
        entity=TABLES[name].entity,
        key=listed(key),
        clocks=listed(clocks),
        content=packed(content),
        its_content=packed(content, "i"),
        same_clocks=same("i", "told", clocks),
        same_last=same("i", "last", key),
        same_fact=same("i", "held", columns_of(name)),
        seen=work.seen,
    )


# What stands there word for word is news only after something else was told of the same clocks.
_NEWS = """
    WITH incoming AS (
        SELECT {columns}, min("row") AS "row"
        FROM (SELECT {columns}, "row", false AS is_held FROM {incoming} UNION ALL SELECT {columns}, NULL, true FROM {imported})
        GROUP BY {columns} HAVING NOT bool_or(is_held)),
    held AS (SELECT * FROM {held} WHERE {entity} IN (SELECT {entity} FROM incoming)),
    told AS (SELECT DISTINCT {clocks}, true AS is_told FROM held),
    last AS (
        SELECT {key}, max(recorded_at) AS last_at, arg_max({content}, struct_pack(recorded_at, content := {content})) AS content
        FROM held WHERE recorded_at <= {seen} GROUP BY ALL),
    judged AS (
        SELECT {its_columns}, i."row", coalesce(told.is_told, false) AS is_told,
               {its_content} IS NOT DISTINCT FROM last.content AS is_last,
               last.last_at <= i.recorded_at AND EXISTS (SELECT 1 FROM held WHERE {same_fact}) AS is_unchanged
        FROM incoming AS i LEFT JOIN told ON {same_clocks} LEFT JOIN last ON {same_last})
    SELECT * EXCLUDE (is_told, is_last, is_unchanged) REPLACE (if(is_told, {seen}, recorded_at) AS recorded_at)
    FROM judged WHERE NOT is_told OR NOT (is_last OR is_unchanged)"""
