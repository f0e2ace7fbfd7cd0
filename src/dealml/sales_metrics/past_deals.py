"""Deals as their records were at a past moment: those that were deleted or merged since were in the pipeline of then."""

from __future__ import annotations

from datetime import datetime

from ibis.backends.duckdb import Backend

from dealml.as_of.known_tables import in_order, known_tables
from dealml.as_of.lives import MARK
from dealml.as_of.lives_form import LIVES
from dealml.as_of.states import open_spells
from dealml.learning.record_lives import clip_to_lives, lives_query
from dealml.ledger.ledger import Ledger
from dealml.ledger.schema import TABLES

PAST_DEALS, PAST_CHANGES, PAST_SPELLS = "past_deals", "past_deal_changes", "past_spells"
"""Tables of deals by the ids of the lives of their records; they are there only where records were deleted or merged."""

_ACCOUNTS_NOW = """
    UPDATE past_deals SET account_id = l.record_id
    FROM (SELECT member_id, record_id FROM ({lives}) WHERE until IS NULL) l WHERE account_id = l.member_id"""


def read_past_deals(con: Backend, ledger: Ledger, before: datetime) -> None:
    """Read the deals of every life, and when they were open in it, where the ledger has more than one life of a deal."""
    if not {"record_events", "deals"} <= set(ledger.tables):
        return
    tables = known_tables(con, ledger, before)
    if f"{LIVES}deal_id" not in tables:
        return
    for name in ("deals", "deal_changes", "outcomes"):
        if name in tables:
            con.create_table(f"past_{name}", in_order(tables[name].drop("_order"), name, "deal_id"), temp=True)
        else:
            con.con.register(f"past_{name}", TABLES[name].empty_in_order)
    if f"{LIVES}account_id" in tables:
        # Attributes of accounts are under the ids that these have now.
        con.raw_sql(_ACCOUNTS_NOW.format(lives=con.compile(tables[f"{LIVES}account_id"])))
    con.raw_sql(f"CREATE OR REPLACE TEMP TABLE spells AS {open_spells(PAST_DEALS, 'past_outcomes')}")
    clip_to_lives(con, "deal_id", lives_query(con, tables, "deal_id"), [])
    con.raw_sql(f"CREATE OR REPLACE TEMP TABLE {PAST_SPELLS} AS SELECT * FROM spells")


def has_past_deals(con: Backend) -> bool:
    """Whether there are tables of the lives of deals."""
    (count,) = con.raw_sql(f"SELECT count(*) FROM duckdb_tables() WHERE table_name = '{PAST_SPELLS}'").fetchone()
    return bool(count)


def record_ids(rows: str) -> str:
    """The query of rows of deals under the ids of their records in place of those of their lives."""
    return f"SELECT * REPLACE (split_part(deal_id, '{MARK}', 1) AS deal_id) FROM ({rows})"
