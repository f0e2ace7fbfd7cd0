"""Whether the customer of a win had a contract a year later; every figure of customers that left within a year comes from here."""

from __future__ import annotations

from datetime import datetime

from dealml.ledger.sql import literal

_STAYED = """
    WITH contracts AS (
        SELECT account_id, occurred_at AS began, event <> 'cancellation' AS runs,
               lead(occurred_at) OVER (PARTITION BY account_id, subscription_id ORDER BY _order) AS ended
        FROM subscriptions),
    wins AS (SELECT *, won_at + INTERVAL 365 DAY AS year_after FROM ({wins}))
    SELECT wins.* EXCLUDE (year_after), bool_or(runs AND (ended IS NULL OR ended > year_after)) AS stayed
    FROM wins JOIN contracts USING (account_id) WHERE year_after <= {now} AND began <= year_after GROUP BY ALL"""


def stayed_a_year(wins: str, now: datetime) -> str:
    """The query of wins with `stayed`: whether the account had a contract a year after.

    Parameters
    ----------
    wins
        A query that gives `account_id` and `won_at`, and what else identifies a win; its connection has the table `subscriptions` with
        `_order` (`dealml.as_of.known_tables.tables_at`).
    now
        The moment that the tables are of. Wins less than a year before it are left out, and so are accounts without a contract by then.
    """
    return _STAYED.format(wins=wins, now=literal(now))
