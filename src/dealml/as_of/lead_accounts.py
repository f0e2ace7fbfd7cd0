"""The account of a lead at a moment: by id, else by the domain of its e-mail address.

By id it is the account that the lead names, else that of the deal that it became. By domain it is the account whose `domain` or
`website` is the lead's `email_domain`; of several accounts with the same one it is the account that had it first. A free-mail domain
says nothing of a company. Only what was on record before the moment counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from dealml.as_of.accounts import in_account_lives
from dealml.as_of.free_mail import FREE_MAIL
from dealml.as_of.lives_form import AS_RECORDED, LIVES
from dealml.ledger.fact_table import SQL_TYPES
from dealml.ledger.schema import TABLES
from dealml.ledger.sql import literal

Tables = Mapping[str, ir.Table]

WAYS = ("id", "domain", "free_mail", "unmatched")
"""How a lead is matched: to an account by either, or to none."""

_SPANS = """
    SELECT {key}, value, since,
           coalesce(lead(since) OVER (PARTITION BY {key} ORDER BY since), 'infinity'::TIMESTAMPTZ) AS until
    FROM (SELECT * FROM ({running}) QUALIFY lag(value) OVER (PARTITION BY {key} ORDER BY since) IS DISTINCT FROM value)"""

_RUNNING = """
    SELECT {key}, recorded_at AS since, arg_max_null({value}, _order) OVER (
        PARTITION BY {key} ORDER BY recorded_at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS value
    FROM {facts} WHERE {where} QUALIFY row_number() OVER (PARTITION BY {key}, recorded_at ORDER BY _order) = 1"""

_BOTH = "greatest(l.since, a.since) AS since, least(l.until, a.until) AS until"

# Candidates go by their rank, then by how long they are on record. What ends at a moment holds until it, and what begins holds after it.
_MATCHES = f"""
    WITH firsts AS (SELECT lead_id, min(recorded_at) AS since FROM {{leads}} GROUP BY lead_id),
    named AS ({{named}}), became AS ({{became}}), of_deals AS ({{of_deals}}),
    domains AS ({{domains}}), of_accounts AS ({{of_accounts}}),
    candidates AS (
        SELECT lead_id, value AS account_id, 1 AS place, since AS first_at, since, until FROM named
        UNION ALL
        SELECT l.lead_id, a.value, 2, a.since, {_BOTH} FROM became l JOIN of_deals a ON l.value = a.deal_id AND a.value IS NOT NULL
        UNION ALL
        SELECT l.lead_id, a.account_id, 3, a.since, {_BOTH}
        FROM domains l JOIN of_accounts a ON l.value = a.value AND l.value NOT IN ({{free}})),
    moments AS (
        SELECT lead_id, moment FROM (
            SELECT lead_id, since AS moment FROM firsts UNION SELECT lead_id, since FROM domains
            UNION SELECT lead_id, unnest([since, until]) FROM candidates WHERE since < until)
        JOIN firsts USING (lead_id) WHERE moment >= since AND moment < 'infinity'),
    chosen AS (
        SELECT m.lead_id, m.moment, min(c.place) AS place,
               arg_min(c.account_id, {{{{'place': c.place, 'first_at': c.first_at, 'account_id': c.account_id}}}}) AS account_id
        FROM moments m LEFT JOIN candidates c ON c.lead_id = m.lead_id AND c.since <= m.moment AND m.moment < c.until
        GROUP BY m.lead_id, m.moment),
    states AS (
        SELECT c.lead_id, c.account_id, c.moment AS since,
               CASE WHEN place <= 2 THEN 'id' WHEN place = 3 THEN 'domain' WHEN d.value IN ({{free}}) THEN 'free_mail'
                    ELSE 'unmatched' END AS matched_by
        FROM chosen c LEFT JOIN domains d ON d.lead_id = c.lead_id AND d.since <= c.moment AND c.moment < d.until)
    SELECT lead_id, account_id, matched_by, since FROM states
    WINDOW turn AS (PARTITION BY lead_id ORDER BY since)
    QUALIFY lag(matched_by) OVER turn IS DISTINCT FROM matched_by OR lag(account_id) OVER turn IS DISTINCT FROM account_id"""

_OF_MOMENTS = """
    SELECT r.* REPLACE (a.account_id AS account_id)
    FROM ({rows}) r ASOF LEFT JOIN ({matches}) a ON r.lead_id = a.lead_id AND r.{moment} > a.since"""

_COUNTS = """
    SELECT matched_by, count(*) FROM (
        SELECT arg_max(matched_by, since) AS matched_by FROM ({matches}) WHERE since < {at} AND lead_id NOT IN ({gone}) GROUP BY lead_id)
    GROUP BY matched_by"""

# A life begins after `since` and goes on until and with `until`.
_GONE = "SELECT life_id FROM ({lives}) WHERE since >= {at} OR until < {at}"


def lead_accounts(con: Backend, tables: Tables) -> str:
    """The query of the account of each lead from each moment on at which it changes: `lead_id`, `account_id`, `matched_by`, `since`.

    A row holds at the moments after `since`, up to and with that of the lead's next row. Each lead has one from its first record on;
    `account_id` is null where `matched_by` is `free_mail` or `unmatched`. Accounts and deals go by the ids of their records.

    Parameters
    ----------
    tables
        In the form of lives.
    """
    leads, deals = _facts(con, tables, "leads"), _facts(con, tables, "deals", AS_RECORDED)
    changes, of_accounts = _facts(con, tables, "lead_changes"), _facts(con, tables, "account_changes", AS_RECORDED)
    return _MATCHES.format(
        leads=leads,
        named=_spans(leads, "lead_id", "account_id", "account_id IS NOT NULL"),
        became=_spans(leads, "lead_id", "deal_id", "deal_id IS NOT NULL"),
        of_deals=_spans(deals, "deal_id", "account_id", "account_id IS NOT NULL"),
        domains=_spans(changes, "lead_id", domain_of('"text"'), "field = 'email_domain'"),
        of_accounts=_spans(of_accounts, "account_id, field", domain_of('"text"'), "field IN ('domain', 'website')"),
        free=", ".join(map(literal, sorted(FREE_MAIL))),
    )


def with_lead_accounts(con: Backend, tables: Tables, rows: str, moment: str = "known_by") -> str:
    """The query of rows of leads with the account of their moment, under the id of the life that its record has then.

    Parameters
    ----------
    tables
        In the form of lives.
    rows
        A query of `lead_id`, `account_id`, which is replaced, and the moment.
    """
    return in_account_lives(con, tables, _OF_MOMENTS.format(rows=rows, matches=lead_accounts(con, tables), moment=moment), moment)


def match_counts(con: Backend, tables: Tables, at: datetime) -> dict[str, int]:
    """How many of the leads that were there at a moment were matched then, by each of `WAYS`; a merged lead is part of the other one."""
    lives = tables.get(LIVES + "lead_id")
    gone = "SELECT NULL WHERE false" if lives is None else _GONE.format(lives=con.compile(lives), at=literal(at))
    counts = dict(con.raw_sql(_COUNTS.format(matches=lead_accounts(con, tables), at=literal(at), gone=gone)).fetchall())
    return {way: counts.get(way, 0) for way in WAYS}


def domain_of(text: str) -> str:
    """The SQL of the domain in an address of a site or of e-mail, in lower case and without `www.`; null where there is none."""
    bare = rf"regexp_replace(lower(trim({text})), '^([a-z]+://)?([^/@]*@)?(www\.)?', '')"
    return rf"nullif(regexp_extract({bare}, '^([^/:?#\s]+\.[^/:?#\s.]+)', 1), '')"


def _spans(facts: str, key: str, value: str, where: str) -> str:
    """The query of what holds for each key, `since` it is on record and `until` another does: the latest value by occurrence."""
    return _SPANS.format(key=key, running=_RUNNING.format(facts=facts, key=key, value=value, where=where))


def _facts(con: Backend, tables: Tables, name: str, form: str = "") -> str:
    """A table in brackets, as recorded where that is asked for; empty where there is none."""
    table = tables.get(name + form, tables.get(name))
    if table is not None:
        return f"({con.compile(table)})"
    columns = ", ".join(f'CAST(NULL AS {SQL_TYPES[column.type]}) AS "{column.name}"' for column in TABLES[name].columns)
    return f"(SELECT {columns}, CAST(NULL AS BIGINT) AS _order WHERE false)"
