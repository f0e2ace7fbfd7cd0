"""The cases that deal economics are about and learn from: open deals, leads, won deals with costs, stages with hours, customers."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd
from ibis.backends.duckdb import Backend

from dealml.economics.settings import KINDS
from dealml.economics.survival import DAYS_A_MONTH
from dealml.ledger.sql import literal

YEAR = timedelta(days=365)
RIPE_DEALS = 100
"""As many closed deals of a year ago tell of hours better than more of which the slow ones are open still."""

_BOOKED = ", ".join(f"sum(money) FILTER (kind = '{kind}') AS {kind}" for kind in KINDS)
_CUSTOMER = """
    WITH spans AS (
        SELECT account_id, min(occurred_at) FILTER (event = 'start') AS began, max(occurred_at) FILTER (event = 'cancellation') AS left_at,
               sum(CASE event WHEN 'start' THEN 1 WHEN 'cancellation' THEN -1 ELSE 0 END) > 0 AS stays
        FROM subscriptions WHERE occurred_at < {at} GROUP BY account_id),
    of_deals AS (
        SELECT account_id, arg_min(segment, created_at) AS segment, arg_min(industry, created_at) AS industry
        FROM deal GROUP BY account_id),
    theirs AS (
        SELECT account_id, arg_max(text, _order) FILTER (field = 'segment') AS segment,
               arg_max(text, _order) FILTER (field = 'industry') AS industry
        FROM account_changes GROUP BY account_id)
    SELECT spans.*, coalesce(t.segment, d.segment) AS segment, coalesce(t.industry, d.industry) AS industry
    FROM spans LEFT JOIN theirs t USING (account_id) LEFT JOIN of_deals d USING (account_id) WHERE began IS NOT NULL"""

_OPEN = """
    WITH booked AS (SELECT deal_id, {booked} FROM cost_of_deal GROUP BY deal_id),
    won AS (SELECT DISTINCT account_id FROM deal WHERE status = 'won')
    SELECT deal.*, goods, services, customisation, third_party,
           CASE WHEN c.stays THEN epoch({at} - c.began) / 86400 / {month} END AS tenure,
           coalesce(c.stays, won.account_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customer)) AS is_customer
    FROM deal LEFT JOIN booked USING (deal_id) LEFT JOIN customer c USING (account_id) LEFT JOIN won USING (account_id)
    WHERE status = 'open' ORDER BY deal_id"""

_WON = """
    WITH booked AS (SELECT deal_id, {booked} FROM cost_of_deal GROUP BY deal_id)
    SELECT deal.*, {kinds}, coalesce(price / nullif(1 - discount, 0), price, amount) AS list, coalesce(price, amount) AS revenue,
           booked.deal_id IS NOT NULL AND closed_at < {settled} AS has_costs
    FROM deal LEFT JOIN booked USING (deal_id) WHERE status = 'won' AND NOT unrated"""

_STAGE = """
    WITH closed AS (SELECT deal_id, segment, created_at, closed_at FROM deal WHERE status <> 'open' AND created_at < {ripe}),
    stages AS (
        SELECT deal_id, text AS stage, occurred_at AS since, lead(occurred_at) OVER (PARTITION BY deal_id ORDER BY _order) AS next_at
        FROM deal_changes WHERE field = 'stage' AND text IS NOT NULL),
    spells AS (
        SELECT deal_id, segment, stage, coalesce(since, created_at) AS since, least(coalesce(next_at, closed_at), closed_at) AS until,
               closed_at
        FROM closed LEFT JOIN stages USING (deal_id)),
    lived AS (SELECT * FROM spells WHERE until > since),
    days AS (SELECT deal_id, segment, stage, sum(epoch(until - since)) / 86400 AS days FROM lived GROUP BY ALL),
    spent AS (
        SELECT deal_id, stage, role, sum(hours * epoch(least(h.occurred_at, until) - since)) / 86400 AS hour_days
        FROM lived JOIN hours h USING (deal_id) WHERE h.occurred_at > since AND h.occurred_at <= closed_at GROUP BY ALL)
    SELECT days.*, {roles} FROM days LEFT JOIN (PIVOT spent ON role IN ({names}) USING sum(hour_days) GROUP BY deal_id, stage) p
      ON p.deal_id = days.deal_id AND p.stage IS NOT DISTINCT FROM days.stage"""

_GROWTH = """
    WITH levels AS (
        SELECT account_id, subscription_id, occurred_at, _order, CASE event WHEN 'cancellation' THEN 0 ELSE arr::DOUBLE END AS arr
        FROM subscriptions),
    two AS (
        SELECT account_id, subscription_id, arg_max(arr, _order) FILTER (arr IS NOT NULL AND occurred_at <= {then}) AS before,
               arg_max(arr, _order) FILTER (arr IS NOT NULL AND occurred_at <= {at}) AS after
        FROM levels GROUP BY ALL)
    SELECT account_id, sum(before) AS before, sum(after) - sum(before) AS added, any_value(c.segment) AS segment,
           any_value(c.industry) AS industry
    FROM two JOIN customer c USING (account_id) WHERE c.began <= {then} AND c.stays
    GROUP BY account_id HAVING sum(before) > 0"""


def make_customers(con: Backend, at: datetime) -> None:
    """Make the table `customer`: who began a subscription, when, whether it stays, and when it left."""
    con.raw_sql(f"CREATE TEMP TABLE customer AS {_CUSTOMER.format(at=literal(at))}")


def open_deals(con: Backend, at: datetime) -> pd.DataFrame:
    """A row for each open deal: its terms in the project's currency, what was booked on it, and how long its account is a customer."""
    return _frame(con, _OPEN.format(booked=_BOOKED, at=literal(at), month=DAYS_A_MONTH))


def won_deals(con: Backend, at: datetime, settled_days: float) -> pd.DataFrame:
    """A row for each won deal: `list`, `revenue`, and its costs by kind where they are settled; a kind that was not booked cost nothing."""
    kinds = ", ".join(f"coalesce({kind}, 0) AS {kind}" for kind in KINDS)
    table = _frame(con, _WON.format(booked=_BOOKED, kinds=kinds, settled=literal(at - timedelta(days=settled_days))))
    table.loc[~table["has_costs"], list(KINDS)] = float("nan")
    return table


def roles_of(con: Backend) -> list[str]:
    """The roles that booked hours."""
    return [role for (role,) in con.raw_sql("SELECT DISTINCT role FROM hours WHERE role IS NOT NULL ORDER BY role").fetchall()]


def stage_hours(con: Backend, at: datetime, roles: list[str]) -> pd.DataFrame:
    """A row for each closed deal and stage: `days` in it, and by role the hours still to come summed over these days (hour-days).

    The ratio of the two is the average of the hours still to come over all moments at which a closed deal was in the stage. Of the deals
    that were created lately only the quick ones are closed, so where `RIPE_DEALS` of those of a year ago are, these alone count.
    """
    ripe = literal(at - YEAR)
    ((enough,),) = con.raw_sql(f"SELECT count(*) >= {RIPE_DEALS} FROM deal WHERE status <> 'open' AND created_at < {ripe}").fetchall()
    names = ", ".join(literal(role) for role in roles)
    columns = ", ".join(f'coalesce(p."{role}", 0) AS "{role}"' for role in roles)
    return _frame(con, _STAGE.format(names=names, roles=columns, ripe=ripe if enough else literal(at)))


def closed_deals(con: Backend) -> pd.DataFrame:
    """A row for each closed deal with its kind, and whether it was `won`."""
    return _frame(con, "SELECT segment, industry, (status = 'won')::DOUBLE AS won FROM deal WHERE status <> 'open'")


def customers(con: Backend, at: datetime) -> pd.DataFrame:
    """A row for each customer with the months at which it came under observation and left it; nobody where no cancellation is on record.

    Who left before the first cancellation on record is not on record, so all are observed from then on only.
    """
    query = f"""
        SELECT segment, industry, NOT stays AS left, greatest(epoch(first - began), 0) / 86400 / {DAYS_A_MONTH} AS entered,
               epoch(CASE WHEN stays THEN {literal(at)} ELSE left_at END - began) / 86400 / {DAYS_A_MONTH} AS ended
        FROM customer, (SELECT min(left_at) - INTERVAL 1 DAY AS first FROM customer) WHERE first IS NOT NULL"""
    return _frame(con, query)


def revenue_growth(con: Backend, at: datetime) -> pd.DataFrame:
    """A row for each customer of a year or more: its recurring revenue a year ago (`before`), and what it has `added` since."""
    return _frame(con, _GROWTH.format(at=literal(at), then=literal(at - YEAR)))


def _frame(con: Backend, query: str) -> pd.DataFrame:
    table: pd.DataFrame = con.con.sql(query).to_arrow_table().to_pandas()
    return table


_LEADS = """
    WITH named AS (
        SELECT lead_id, arg_max(segment, _order) FILTER (WHERE segment IS NOT NULL) AS segment,
               arg_max(account_id, _order) FILTER (WHERE account_id IS NOT NULL) AS account_id,
               arg_max(event, _order) FILTER (WHERE event <> 'touched') AS event
        FROM leads GROUP BY lead_id),
    attributes AS (
        SELECT lead_id, arg_max(text, _order) FILTER (field = 'name') AS name, arg_max(text, _order) FILTER (field = 'segment') AS segment,
               arg_max(text, _order) FILTER (field = 'industry') AS industry
        FROM lead_changes GROUP BY lead_id)
    SELECT lead_id, a.name, coalesce(a.segment, n.segment) AS segment, a.industry, event,
           coalesce(c.stays, false) AS is_customer, CASE WHEN c.stays THEN epoch({at} - c.began) / 86400 / {month} END AS tenure
    FROM named n LEFT JOIN attributes a USING (lead_id) LEFT JOIN customer c USING (account_id) ORDER BY lead_id"""

_LEAD_HOURS = """
    SELECT lead_id, {roles} FROM (PIVOT (SELECT lead_id, role, hours FROM hours WHERE lead_id IS NOT NULL) ON role IN ({names})
    USING sum(hours) GROUP BY lead_id)"""
ENDED = ("converted", "disqualified")


def leads(con: Backend, at: datetime, roles: list[str]) -> pd.DataFrame:
    """A row for each lead, with its kind, its last `event`, and by role the hours that it took."""
    table = _frame(con, _LEADS.format(at=literal(at), month=DAYS_A_MONTH))
    if not roles:
        return table
    names = ", ".join(literal(role) for role in roles)
    columns = ", ".join(f'coalesce("{role}", 0) AS "{role}"' for role in roles)
    hours = _frame(con, _LEAD_HOURS.format(names=names, roles=columns))
    return table.merge(hours, "left", "lead_id").fillna(dict.fromkeys(roles, 0.0))
