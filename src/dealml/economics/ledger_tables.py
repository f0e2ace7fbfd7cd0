"""The facts that deal economics are made of, as tables of one DuckDB connection: what was on record before a moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from dealml.as_of.known_tables import in_order, tables_at
from dealml.as_of.latest_values import latest_value
from dealml.as_of.rates import rates_at, running_rates
from dealml.as_of.states import closings
from dealml.ledger.ledger import Ledger
from dealml.ledger.schema import TABLES
from dealml.ledger.sql import literal

READ = (
    "deals", "deal_changes", "outcomes", "offers", "account_changes", "subscriptions", "costs", "time_entries", "activities",
    "leads", "lead_changes", "rates",
)  # fmt: skip
FIELDS = {
    "deal_changes": ("name", "stage", "amount", "currency", "segment", "industry", "strategic_value"),
    "account_changes": ("name", "currency", "segment", "industry"),
    "lead_changes": ("name", "segment", "industry"),
}
"""The attributes that are read; to put all others in order would take the longest."""


def _texts(*fields: str) -> str:
    """The latest values of texts, each under its name."""
    return ", ".join(f"{latest_value(field, 'text')} AS {field}" for field in fields)


_DEAL = f"""
    WITH attributes AS (
        SELECT deal_id, {_texts("name", "stage", "currency", "segment", "industry")},
               {latest_value("amount", "amount", "::DOUBLE")} AS amount,
               {latest_value("strategic_value", "amount", "::DOUBLE")} AS strategic_value
        FROM deal_changes GROUP BY deal_id),
    theirs AS (
        SELECT account_id, {_texts(*FIELDS["account_changes"])}
        FROM account_changes GROUP BY account_id),
    created AS (
        SELECT deal_id, arg_max(account_id, _order) FILTER (WHERE account_id IS NOT NULL) AS account_id, min(occurred_at) AS created_at
        FROM deals GROUP BY deal_id),
    state AS (SELECT deal_id, status, coalesce(occurred_at, since) AS closed_at FROM ({closings()}) WHERE until IS NULL),
    offer AS (
        SELECT deal_id, arg_max(price::DOUBLE, _order) FILTER (WHERE price IS NOT NULL) AS price,
               arg_max_null(discount, _order) FILTER (WHERE price IS NOT NULL) AS discount,
               arg_max_null(customisation, _order) FILTER (WHERE price IS NOT NULL) AS customised,
               arg_max_null(services::DOUBLE, _order) FILTER (WHERE price IS NOT NULL) AS services_sold
        FROM offers GROUP BY deal_id)
    SELECT created.*, status, CASE WHEN status <> 'open' THEN closed_at END AS closed_at, a.name, theirs.name AS account, stage,
           coalesce(a.segment, theirs.segment) AS segment, coalesce(a.industry, theirs.industry) AS industry,
           coalesce(a.currency, theirs.currency, {{currency}}) AS currency,
           amount, strategic_value, price, discount, customised, services_sold
    FROM created JOIN state USING (deal_id) LEFT JOIN attributes a USING (deal_id) LEFT JOIN theirs USING (account_id)
         LEFT JOIN offer USING (deal_id)"""

_RATED = """
    SELECT deal.* REPLACE (amount * rate AS amount, strategic_value * rate AS strategic_value, price * rate AS price,
                           services_sold * rate AS services_sold), rate IS NULL AS unrated
    FROM (SELECT d.*, CASE WHEN d.currency = {currency} THEN 1.0 ELSE r.rate END AS rate FROM ({deal}) d
          LEFT JOIN at_rate r USING (currency)) deal"""

_COST = """
    WITH booked AS (
        SELECT * FROM costs WHERE deal_id IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY cost_id ORDER BY recorded_at DESC, _order DESC) = 1)
    SELECT deal_id, lower(kind) AS kind,
           sum(value::DOUBLE * CASE WHEN coalesce(b.currency, {currency}) = {currency} THEN 1.0 ELSE rate END) AS money
    FROM booked b LEFT JOIN at_rate r ON r.currency = b.currency GROUP BY ALL"""

_HOURS_BOOKED = """
    SELECT deal_id, lead_id, lower(role) AS role, hours, occurred_at FROM time_entries
    QUALIFY row_number() OVER (PARTITION BY entry_id ORDER BY recorded_at DESC, _order DESC) = 1"""
_HOURS_OF_ACTIVITIES = """
    SELECT deal_id, lead_id, 'seller' AS role, minutes / 60 AS hours, occurred_at FROM activities WHERE minutes > 0"""


def open_tables(con: Backend, ledger: Ledger, at: datetime, currency: str) -> frozenset[str]:
    """Make the tables `deal`, `cost_of_deal`, `hours` and those of the ledger; the names of the ledger's tables that hold anything."""
    tables = tables_at(con, ledger, at)
    if "time_entries" in tables:
        tables.pop("activities", None)  # minutes of activities are only wanted where no hours are booked, and there are many
    for name in READ:
        if name in tables:
            con.raw_sql(f"CREATE TEMP TABLE {name} AS {con.compile(_needed(name, tables))}")
        else:
            con.con.register(name, TABLES[name].empty_in_order)
    there = frozenset(name for name in READ if con.raw_sql(f"SELECT count(*) FROM {name}").fetchall()[0][0])
    unit = literal(currency)
    con.raw_sql(f"CREATE TEMP TABLE at_rate AS {rates_at(f'({running_rates()})')}")
    con.raw_sql(f"CREATE TEMP TABLE deal AS {_RATED.format(currency=unit, deal=_DEAL.format(currency=unit))}")
    con.raw_sql(f"CREATE TEMP TABLE cost_of_deal AS {_COST.format(currency=unit)}")
    con.raw_sql(f"CREATE TEMP TABLE hours AS {_HOURS_BOOKED if 'time_entries' in there else _HOURS_OF_ACTIVITIES}")
    return there


def _needed(name: str, tables: Mapping[str, ir.Table]) -> ir.Table:
    table = tables[name]
    if name == "activities":
        return table.drop("_order").filter(table.minutes > 0).select("deal_id", "lead_id", "minutes", "occurred_at")
    if name in FIELDS:
        return in_order(table.drop("_order").filter(table.field.isin(FIELDS[name])), name, TABLES[name].entity)
    return table
