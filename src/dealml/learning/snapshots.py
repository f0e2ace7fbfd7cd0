"""Snapshots: the moments at which an entity is observed, and the next event after each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from dealml.as_of.accounts import with_accounts
from dealml.as_of.corrected_events import with_hidden_columns
from dealml.as_of.lead_accounts import with_lead_accounts
from dealml.as_of.lives_form import LIVES
from dealml.as_of.states import states
from dealml.features.plan import entity_columns
from dealml.learning.outcomes.outcome import Outcome
from dealml.learning.record_lives import clip_to_lives, life_ids, lives_query
from dealml.ledger.cross_section import END, SNAPSHOT_AT
from dealml.ledger.schema import TABLES
from dealml.ledger.sql import literal

Tables = Mapping[str, ir.Table]

_WEEKLY = """
    SELECT {keys}, since, unnest(generate_series(
        date_trunc('week', since) + INTERVAL 7 DAY, least(coalesce(until, $end), $end), INTERVAL 7 DAY)) AS as_of
    FROM spells"""

_EXTRA = """
    SELECT DISTINCT {keys}, since, m.as_of FROM ({moments}) m JOIN spells USING ({entity})
    WHERE m.as_of > since AND m.as_of <= coalesce(until, $end) AND m.as_of < $end"""

_EXPLODED = """
    SELECT s.*, s.as_of AS known_by, e.recorded_at AS event_at
    FROM ({moments}) s ASOF LEFT JOIN events e ON s.{entity} = e.{entity} AND s.as_of <= e.recorded_at
    WHERE s.as_of < $end"""

_CONDITIONAL = """
    SELECT h.*, u.recorded_at AS unless_at
    FROM ({query}) h ASOF LEFT JOIN unless u ON h.{entity} = u.{entity} AND h.as_of <= u.recorded_at"""

_DEALS = """
    WITH ends AS ({ends}),
    stages AS (SELECT deal_id, recorded_at AS entered_at, text FROM deal_changes WHERE field = 'stage'),
    moments AS (
        SELECT h.*, s.text AS at_stage FROM history h ASOF LEFT JOIN stages s ON h.deal_id = s.deal_id AND h.as_of > s.entered_at)
    SELECT deal_id, arg_max_null(account_id, as_of) AS account_id, since, max(as_of) AS as_of, max(as_of) AS known_by,
           CAST(any_value(outcome) = '{word}' AS DOUBLE) AS had, any_value(ended_at) AS ended_at
    FROM moments JOIN ends USING (deal_id) GROUP BY deal_id, since, at_stage"""

_ENDS = f"SELECT deal_id, status AS outcome, since AS ended_at FROM ({states()}) WHERE until IS NULL AND status <> 'open'"

_CLOSED = """
    WITH ends AS ({ends}), opened AS (SELECT {keys}, min(since) AS since FROM spells GROUP BY ALL)
    SELECT {keys}, since, least(since + INTERVAL {days} DAY, ended_at) AS as_of, least(since + INTERVAL {days} DAY, ended_at) AS known_by,
           ended_at, CAST(outcome = '{word}' AS DOUBLE) AS had
    FROM opened JOIN ends USING ({entity}) WHERE ended_at < $end"""

_AFTER_A_HORIZON = """
    SELECT {keys}, since, as_of, known_by,
           CAST({sign}(event_at IS NOT NULL AND event_at < as_of + INTERVAL {days} DAY) AS DOUBLE) AS had
    FROM history WHERE as_of = date_trunc('week', $end - INTERVAL {days} DAY)"""


def history(con: Backend, tables: Tables, entity: str, outcome: Outcome, end: datetime, *, weekly_only: bool = False) -> ir.Table:
    """Every snapshot before `end`: weekly (Mondays, at midnight), at each change of a deal's stage and at each touch of a lead.

    Returns
    -------
    Table
        The entity's columns, `since` (when it came into play), `as_of`, `known_by`, and `event_at`, when the next event after the
        snapshot went on record (missing: not before `end`). Of an outcome on a condition also `unless_at`, when the next event
        that breaks it did. Where records were deleted also `censored_at`, when an entity that was still at stake was deleted.
    """
    _prepare(con, tables, entity, outcome)
    keys = _keys(entity)
    moments = _WEEKLY.format(keys=keys)
    has_moments = entity != "deal_id" or "deal_changes" in tables
    if outcome.extra_moments and not weekly_only and has_moments:
        moments += " UNION " + _EXTRA.format(keys=keys, moments=outcome.extra_moments, entity=entity)
    query = _EXPLODED.format(moments=moments, entity=entity)
    query = _CONDITIONAL.format(query=query, entity=entity) if outcome.excluding_events else query
    if LIVES + entity in tables:
        query = f"SELECT h.*, c.censored_at FROM ({query}) h LEFT JOIN censored c USING ({entity})"
    return _made(con, "history", _with_accounts(con, tables, entity, query), end)


def at_stake(con: Backend, tables: Tables, entity: str, outcome: Outcome, as_of: datetime) -> ir.Table:
    """The snapshot of every entity that is at stake at a moment: open deals, active accounts."""
    _prepare(con, tables, entity, outcome)
    query = f"""SELECT DISTINCT {_keys(entity)}, since, $end AS as_of, $end AS known_by FROM spells
                WHERE since < $end AND $end <= coalesce(until, $end)"""
    return _made(con, "at_stake", _with_accounts(con, tables, entity, query), as_of)


def at_moments(con: Backend, tables: Tables, entity: str, outcome: Outcome, requested_moments: pa.Table) -> ir.Table:
    """The snapshot of each entity at a moment of its own; an entity that was not at stake then is left out.

    Parameters
    ----------
    requested_moments
        The entity's column and `as_of`, UTC.
    """
    _prepare(con, tables, entity, outcome)
    con.con.register("requested", requested_moments)
    ids = "SELECT * FROM requested" if LIVES + entity not in tables else life_ids("requested", entity, lives_query(con, tables, entity))
    con.raw_sql(f"CREATE OR REPLACE TEMP TABLE asked AS {ids}")
    query = f"""SELECT DISTINCT {_keys(entity)}, since, asked.as_of AS as_of, asked.as_of AS known_by
                FROM asked JOIN spells USING ({entity})
                WHERE since < asked.as_of AND asked.as_of <= coalesce(until, asked.as_of)"""
    con.raw_sql(f"CREATE OR REPLACE TEMP TABLE at_moments AS {_with_accounts(con, tables, entity, query)}")
    return con.table("at_moments")


def at_stake_twice(con: Backend, tables: Tables, entity: str, outcome: Outcome, earlier: datetime, later: datetime) -> ir.Table:
    """What is at stake at two moments: then, what was known then as it looks from the later moment, and now.

    The rows of the three are told apart by `as_of` and `known_by`.
    """
    _prepare(con, tables, entity, outcome)
    then, now = (literal(moment) for moment in (earlier, later))
    query = " UNION ALL ".join(
        f"""SELECT DISTINCT {_keys(entity)}, since, {as_of} AS as_of, {known_by} AS known_by FROM spells
            WHERE since < {known_by} AND {known_by} <= coalesce(until, {known_by})"""
        for as_of, known_by in ((then, then), (now, then), (now, now))
    )
    return _made(con, "at_stake", _with_accounts(con, tables, entity, query), later)


def spells(con: Backend, tables: Tables, entity: str, outcome: Outcome) -> ir.Table:
    """When each entity was at stake: the entity's columns, `since` and `until` (missing: not over)."""
    _prepare(con, tables, entity, outcome)
    return con.table("spells")


def settled_before(con: Backend, tables: Tables, entity: str, outcome: Outcome, end: datetime, horizon: int) -> ir.Table:
    """Snapshots of what is over, to compare what is at stake with, and `had`: 1 where it came to the outcome, else 0.

    Of deals: the last Monday at each stage of those that were won or lost by `end`. Of accounts and leads: the last Monday on which a
    horizon was still to pass before `end`.
    """
    history(con, tables, entity, outcome, end, weekly_only=True)
    if entity != "deal_id":
        sign = "NOT " if outcome.is_absence_of_event else ""
        return _made(con, "compared", _AFTER_A_HORIZON.format(keys=_keys(entity), days=int(horizon), sign=sign), end)
    if "deal_changes" not in tables:
        con.con.register("deal_changes", TABLES["deal_changes"].empty)
    return _made(con, "compared", _DEALS.format(word=outcome.outcome_name, ends=_ENDS), end)


def closed(con: Backend, tables: Tables, outcome: Outcome, end: datetime, days: int) -> ir.Table:
    """The snapshot of every deal that was won or lost before `end`: some days after it was opened, or when it closed if that was sooner.

    Returns
    -------
    Table
        The deal's columns, `since` (when it was opened), `as_of`, `known_by`, `ended_at` (when its end went on record) and `had`: 1 where
        it came to the outcome, else 0.
    """
    _prepare(con, tables, "deal_id", outcome)
    query = _CLOSED.format(keys=_keys("deal_id"), entity="deal_id", days=int(days), ends=_ENDS, word=outcome.outcome_name)
    return _made(con, "closed", _with_accounts(con, tables, "deal_id", query), end)


def settled(con: Backend, tables: Tables, entity: str, outcome: Outcome) -> ir.Table:
    """The one snapshot of every settled entity of a cross-section, with the columns of `history`."""
    history(con, tables, entity, outcome, END, weekly_only=True)
    return _made(con, "settled", f"SELECT * FROM history SEMI JOIN ({outcome.settled}) told USING ({entity})", END)


def unsettled(con: Backend, tables: Tables, entity: str, outcome: Outcome) -> ir.Table:
    """The one snapshot of every entity of a cross-section that is not settled, with the columns of `at_stake`."""
    at_stake(con, tables, entity, outcome, SNAPSHOT_AT)
    return _made(con, "unsettled", f"SELECT * FROM at_stake ANTI JOIN ({outcome.settled}) told USING ({entity})", END)


def _keys(entity: str) -> str:
    return ", ".join(entity_columns(entity))


def _prepare(con: Backend, tables: Tables, entity: str, outcome: Outcome) -> None:
    for name in {*outcome.needs, *({"deal_changes"} & set(tables)), *outcome.reads}:
        con.create_view(name, with_hidden_columns(tables[name]), overwrite=True)
    if "deals" in outcome.needs and entity != "deal_id":
        con.raw_sql(f"CREATE OR REPLACE TEMP TABLE last_deals AS {_last_lives(con, tables.get(LIVES + 'deal_id'))}")
    for name, query in (("spells", outcome.spells), ("events", outcome.events), ("unless", outcome.excluding_events)):
        if query:
            con.raw_sql(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")
    if lives := lives_query(con, tables, entity):
        clip_to_lives(con, entity, lives, ["events", *(["unless"] if outcome.excluding_events else [])])


def _last_lives(con: Backend, lives: ir.Table | None) -> str:
    """The query of the last life that each record is part of: `member_id`, `last_id`."""
    if lives is None:
        return "SELECT NULL::TEXT AS member_id, NULL::TEXT AS last_id WHERE false"
    return (
        f"SELECT member_id, arg_max(last_id, coalesce(since, '-infinity'::TIMESTAMPTZ)) AS last_id FROM ({con.compile(lives)}) GROUP BY ALL"
    )


def _with_accounts(con: Backend, tables: Tables, entity: str, query: str) -> str:
    """Snapshots with the account of their moment, where the entity is not an account itself."""
    if entity == "lead_id":
        return with_lead_accounts(con, tables, query)
    return with_accounts(con, tables, query) if entity == "deal_id" else query


def _made(con: Backend, name: str, query: str, end: datetime) -> ir.Table:
    con.raw_sql(f"CREATE OR REPLACE TEMP TABLE {name} AS {query.replace('$end', literal(end))}")
    return con.table(name)
