"""Lives of records in snapshots: an entity is at stake while its record is there, and its outcome is that of its last life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from dealml.as_of.lives_form import LIVES

_CENSORED = """
    CREATE OR REPLACE TEMP TABLE censored AS
    WITH lives AS ({lives}),
    gone AS (
        SELECT DISTINCT l.last_id, l.gone_at FROM lives l JOIN spells s ON s.{entity} = l.last_id
        WHERE l.gone_at IS NOT NULL AND s.since < l.gone_at AND (s.until IS NULL OR s.until >= l.gone_at))
    SELECT life_id AS {entity}, gone.gone_at AS censored_at FROM lives JOIN gone USING (last_id)"""

_CLIPPED = """
    CREATE OR REPLACE TEMP TABLE spells AS
    WITH lives AS ({lives}),
    clipped AS (
        SELECT s.* REPLACE (greatest(s.since, coalesce(l.since, s.since)) AS since,
                            CASE WHEN l.until IS NULL OR s.until <= l.until THEN s.until ELSE l.until END AS until)
        FROM spells s JOIN lives l ON s.{entity} = l.life_id)
    SELECT * FROM clipped WHERE until IS NULL OR since < until
    UNION ALL SELECT * FROM spells ANTI JOIN lives ON spells.{entity} = lives.life_id"""

_EVENTS = """
    CREATE OR REPLACE TEMP TABLE {name} AS
    WITH lives AS ({lives})
    SELECT l.life_id AS {entity}, e.recorded_at FROM {name} e JOIN lives l ON e.{entity} = l.last_id
    UNION ALL SELECT {entity}, recorded_at FROM {name} ANTI JOIN lives ON {name}.{entity} = lives.life_id"""

LIFE_SPANS = "SELECT life_id AS deal_id, since AS began, until AS ended FROM ({lives})"
"""The lives of deals, and the span of each: `began < moment <= ended`."""
NO_SPANS = "SELECT NULL::TEXT AS deal_id, NULL::TIMESTAMPTZ AS began, NULL::TIMESTAMPTZ AS ended WHERE false"


def lives_query(con: Backend, tables: Mapping[str, ir.Table], entity: str) -> str:
    """The query of each life of an entity: `life_id`, `record_id`, `last_id`, `since`, `until`, `gone_at`; empty where there are none."""
    table = tables.get(LIVES + entity)
    return "" if table is None else f"SELECT DISTINCT * EXCLUDE (member_id) FROM ({con.compile(table)})"


def clip_to_lives(con: Backend, entity: str, lives: str, events: Sequence[str]) -> None:
    """Cut the table `spells` to the lives of records, and give each life the events of the life that it ends in.

    What was still at stake when its record was deleted is in the table `censored`: nobody knows what would have become of it.
    """
    con.raw_sql(_CENSORED.format(lives=lives, entity=entity))
    con.raw_sql(_CLIPPED.format(lives=lives, entity=entity))
    for name in events:
        con.raw_sql(_EVENTS.format(lives=lives, entity=entity, name=name))


def life_ids(requested: str, entity: str, lives: str) -> str:
    """The query of requested moments under the ids of lives: a row for each life of a record; those of other moments hold none."""
    return f"""
        SELECT coalesce(l.life_id, r.{entity}) AS {entity}, r.as_of
        FROM {requested} r LEFT JOIN ({lives}) l ON r.{entity} = l.record_id"""
