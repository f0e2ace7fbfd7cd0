"""The account of a deal at a moment: the latest by occurrence of those on record before it, as its record is known then.

A deal may move to another account, or get one only later; and an account may be merged into another, or deleted. Where none of this is
on record, a deal has the one account that it was created with.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from dealml.as_of.lives_form import LIVES

Tables = Mapping[str, ir.Table]

_MOVED = """
    SELECT 1 FROM ({deals}) GROUP BY deal_id
    HAVING count(DISTINCT account_id) > 1 OR min(recorded_at) FILTER (WHERE account_id IS NOT NULL) > min(recorded_at) LIMIT 1"""

_RUNNING = """
    SELECT deal_id, recorded_at, arg_max(account_id, _order) OVER (
        PARTITION BY deal_id ORDER BY recorded_at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS account_id
    FROM {deals} QUALIFY row_number() OVER (PARTITION BY deal_id, recorded_at ORDER BY _order) = 1"""

_OF_MOMENTS = """
    SELECT s.* REPLACE (a.account_id AS account_id)
    FROM ({rows}) s ASOF LEFT JOIN ({running}) a ON s.deal_id = a.deal_id AND s.{moment} > a.recorded_at"""

_IN_LIVES = """
    WITH lives AS ({lives})
    SELECT s.* REPLACE (if(s.account_id IN (SELECT member_id FROM lives), l.life_id, s.account_id) AS account_id)
    FROM ({rows}) s LEFT JOIN lives l ON l.member_id = s.account_id
        AND (l.since IS NULL OR l.since < s.{moment}) AND (l.until IS NULL OR s.{moment} <= l.until)"""


def running_accounts(deals: str = "deals") -> str:
    """The query of each deal's account from each record on: `deal_id`, `recorded_at`, `account_id`.

    Parameters
    ----------
    deals
        The name of the table, or a query in brackets, with `_order`.
    """
    return _RUNNING.format(deals=deals)


def with_accounts(con: Backend, tables: Tables, rows: str, moment: str = "known_by") -> str:
    """The query of rows of deals with the account of their moment, under the id of the life that its record has then.

    Parameters
    ----------
    tables
        In the form of lives.
    rows
        A query of `deal_id`, the `account_id` that the deal was created with, and the moment. It stays as it is where no deal moved.
    """
    deals = con.compile(tables["deals"])
    if con.raw_sql(_MOVED.format(deals=deals)).fetchone():
        rows = _OF_MOMENTS.format(rows=rows, running=running_accounts(f"({deals})"), moment=moment)
    return in_account_lives(con, tables, rows, moment)


def in_account_lives(con: Backend, tables: Tables, rows: str, moment: str = "known_by") -> str:
    """The query of rows with the `account_id` of a record under the id of the life that it has at the moment; null where it has none."""
    lives = tables.get(f"{LIVES}account_id")
    return rows if lives is None else _IN_LIVES.format(rows=rows, lives=con.compile(lives), moment=moment)
