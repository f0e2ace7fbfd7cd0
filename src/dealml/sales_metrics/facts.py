"""The facts that metrics are made of, as tables of one DuckDB connection: read once, asked many times.

Money is converted here, each amount by itself and to the cent, at the rate that was known on the day
of its fact; so the groups of a sum add up to the whole, to the cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from dealml.as_of.known_tables import in_order, tables_at
from dealml.as_of.latest_values import CLEARED, latest_value
from dealml.as_of.rates import running_rates, with_rates
from dealml.as_of.states import closings, open_spells
from dealml.errors import InputError
from dealml.ledger.ledger import Ledger
from dealml.ledger.schema import TABLES
from dealml.ledger.sql import literal
from dealml.period import Period
from dealml.sales_metrics.past_deals import PAST_CHANGES, PAST_DEALS, PAST_SPELLS, has_past_deals, read_past_deals, record_ids

READ = (
    "deals", "deal_changes", "outcomes", "accounts", "account_changes", "subscriptions", "leads", "costs", "quotas",
    "surveys", "activities", "stakeholders", "rates",
)  # fmt: skip
"""The ledger's tables that metrics read."""

COUNTED = ("activities", "stakeholders", "surveys")
"""Of those, the tables whose facts are counted, never put in order; there may be very many, so they stay in their files."""

ATTRIBUTES = ("segment", "team", "source", "currency", "amount", "close_date", "forecast_category", "owner")
"""Changes of these attributes of a deal are read; to put those of others in order too would take the longest."""

DECISION_MAKERS = ("economic_buyer", "executive", "decision_maker")
"""Roles of people who decide."""

_OF_A_DEAL = ", ".join(f"{latest_value(field, 'text')} AS {field}" for field in ("segment", "team", "source", "currency"))

_DEAL = f"""
    WITH attributes AS (SELECT deal_id, {_OF_A_DEAL} FROM {{changes}} GROUP BY deal_id),
    theirs AS (
        SELECT account_id, {latest_value("currency", "text")} AS billed FROM account_changes GROUP BY account_id),
    known AS (
        SELECT deal_id, arg_max(account_id, _order) FILTER (WHERE account_id IS NOT NULL) AS account_id,
               min(occurred_at) AS created_at, min(recorded_at) AS entered_at
        FROM {{deals}} GROUP BY deal_id)
    SELECT known.*, segment, team, source, coalesce(currency, billed) AS currency
    FROM known LEFT JOIN attributes USING (deal_id) LEFT JOIN theirs USING (account_id)"""

_ACCOUNT = f"""
    WITH attributes AS (
        SELECT account_id, {latest_value("segment", "text")} AS segment,
               {latest_value("currency", "text")} AS currency
        FROM account_changes GROUP BY account_id),
    first_deal AS (
        SELECT account_id, arg_min(segment, created_at) AS segment, arg_min(team, created_at) AS team,
               arg_min(source, created_at) AS source, arg_min(currency, created_at) AS currency
        FROM (SELECT * FROM deal ORDER BY created_at, deal_id) GROUP BY account_id),
    ids AS (SELECT account_id FROM attributes UNION SELECT account_id FROM first_deal UNION SELECT account_id FROM subscriptions)
    SELECT ids.account_id, coalesce(attributes.segment, first_deal.segment) AS segment, team, source,
           coalesce(attributes.currency, first_deal.currency) AS currency
    FROM ids LEFT JOIN attributes USING (account_id) LEFT JOIN first_deal USING (account_id)
    WHERE ids.account_id IS NOT NULL"""

_CLOSING = f"""
    WITH turns AS (
        SELECT *, lead(occurred_at) OVER (PARTITION BY deal_id ORDER BY turn) AS next_occurred_at,
               min(occurred_at) FILTER (status <> 'open') OVER (
                   PARTITION BY deal_id ORDER BY turn ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS closed_again_at
        FROM ({closings()}))
    SELECT deal_id, CASE status WHEN 'open' THEN 'reopened' ELSE status END AS outcome, reason, competitor, occurred_at AS fact_at,
           least(CASE WHEN until > since THEN until ELSE next_occurred_at END, closed_again_at) AS next_at,
           account_id, created_at, segment, team, source, currency
    FROM turns JOIN deal USING (deal_id) WHERE turn > 1"""
"""What happened to a deal, and until when it holds: until another state was recorded, or occurred where both were recorded at once.

A closing gives way to a later one when that occurred, even where it was recorded after the period: a deal closes once in a period.
"""

_AMOUNT = f"""
    WITH amounts AS (
        SELECT deal_id, amount, occurred_at, _order FROM deal_changes
        WHERE field = 'amount' AND (amount IS NOT NULL OR ({CLEARED})))
    SELECT closing.*, CASE WHEN bool_or(occurred_at <= fact_at) THEN arg_max_null(amount, _order) FILTER (WHERE occurred_at <= fact_at)
                           ELSE arg_min(amount, _order) END AS amount
    FROM closing LEFT JOIN amounts USING (deal_id) WHERE outcome IN ('won', 'lost') GROUP BY ALL"""
"""The amount that held when the deal closed; where none was on record for that time, the first one after."""

_LEAD = """
    SELECT lead_id, min(occurred_at) FILTER (WHERE event = 'created') AS created_at,
           min(occurred_at) FILTER (WHERE event = 'qualified') AS qualified_at,
           min(occurred_at) FILTER (WHERE event = 'converted') AS converted_at,
           coalesce(arg_max(l.segment, _order) FILTER (WHERE l.segment IS NOT NULL), max(deal.segment)) AS segment,
           coalesce(arg_max(l.team, _order) FILTER (WHERE l.team IS NOT NULL), max(deal.team)) AS team,
           coalesce(arg_max(l.source, _order) FILTER (WHERE l.source IS NOT NULL), max(deal.source)) AS source
    FROM leads l LEFT JOIN deal USING (deal_id) GROUP BY lead_id"""

_LAST_BOOKED = "QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY recorded_at DESC, _order DESC) = 1"
_COST = f"""
    SELECT kind, value AS amount, currency, occurred_at AS fact_at, period_start, period_end, segment, team, source,
           deal_id IS NOT NULL AS is_of_deal
    FROM costs {_LAST_BOOKED.format(key="cost_id")}"""
_QUOTA = f"""
    SELECT CASE WHEN person IS NOT NULL THEN 2 WHEN team IS NOT NULL THEN 1 ELSE 0 END AS level,
           value AS amount, currency, occurred_at AS fact_at, period_start, period_end, team
    FROM quotas {_LAST_BOOKED.format(key="quota_id")}"""

_PAID = """
    SELECT s.account_id, subscription_id, event, s.occurred_at AS fact_at, _order, segment, team, source, currency,
           CASE event WHEN 'cancellation' THEN 0 ELSE arr END AS amount
    FROM subscriptions s LEFT JOIN account USING (account_id)"""
_CONTRACT = """
    SELECT *, lead(fact_at) OVER (PARTITION BY account_id, subscription_id ORDER BY _order) AS next_at
    FROM paid WHERE amount IS NOT NULL"""
"""What a subscription is worth a year, from one event to the next."""

_RUNNING = """
    SELECT period_index, edge, CASE edge WHEN 'start' THEN since ELSE until END AS fact_at, amount, currency, segment, team, source
    FROM (SELECT * FROM period, (VALUES ('start'), ('end')) AS edges(edge)) moments
    JOIN (SELECT * RENAME (fact_at AS signed_at) FROM contract) held
      ON signed_at < CASE edge WHEN 'start' THEN since ELSE until END
     AND (next_at IS NULL OR next_at >= CASE edge WHEN 'start' THEN since ELSE until END)"""
"""The contracts that ran at each period's start and end, at that day's rate."""

_NEWCOMER = """
    WITH first_start AS (SELECT account_id, min(fact_at) AS fact_at FROM paid WHERE event = 'start' GROUP BY account_id)
    SELECT account_id, fact_at, coalesce(sum(money), 0) AS arr, count(money) AS priced, min(unrated) AS unrated, segment, team, source
    FROM first_start JOIN account USING (account_id)
         LEFT JOIN (SELECT account_id, fact_at, money, unrated FROM contract WHERE event = 'start') USING (account_id, fact_at)
    GROUP BY ALL
    UNION ALL
    SELECT account_id, min(fact_at), 0, 0, NULL, account.segment, account.team, account.source
    FROM closed JOIN account USING (account_id)
    WHERE outcome = 'won' AND NOT EXISTS (SELECT 1 FROM paid) GROUP BY ALL"""
"""Each customer's beginning: its first subscription, or in a ledger without any its first won deal."""

_MAKER = f"SELECT * FROM stakeholders WHERE replace(lower(role), ' ', '_') IN {DECISION_MAKERS}"
_INVOLVED = """
    SELECT deal_id, fact_at, count(DISTINCT coalesce(contact_id, role)) AS makers FROM closed JOIN maker USING (deal_id)
    WHERE outcome = 'won' AND maker.occurred_at <= fact_at AND coalesce(engagement, 1) >= 1 GROUP BY ALL"""
_SHARING = "SELECT deal_id, occurred_at FROM activities WHERE activity = 'asset' OR asset IS NOT NULL"
_SHARED = """
    SELECT deal_id, fact_at, count(*) AS assets
    FROM (SELECT DISTINCT deal_id, fact_at FROM closed WHERE outcome = 'won') wins JOIN sharing USING (deal_id)
    WHERE sharing.occurred_at <= fact_at GROUP BY ALL"""

_PIPELINE = """
    WITH live AS (
        SELECT period_index, period.since, period.until, deal_id, segment, team, source, currency
        FROM period JOIN ({open_spells}) spells
          ON spells.since < period.since AND (spells.until IS NULL OR period.since <= spells.until) JOIN {deal} USING (deal_id)),
    forecasts AS (
        SELECT period_index, deal_id, {amount} AS amount, {close_date} AS close_date, {category} AS category
        FROM live JOIN {changes} USING (deal_id)
        WHERE recorded_at < since AND field IN ('amount', 'close_date', 'forecast_category') GROUP BY ALL)
    SELECT period_index, deal_id, since AS fact_at, until, amount, close_date, category, segment, team, source, currency
    FROM live LEFT JOIN forecasts USING (period_index, deal_id)"""
"""The deals open at each period's start, as the company then knew them."""


def read(con: Backend, ledger: Ledger, before: datetime) -> set[str]:
    """Read what was on record strictly before a moment; the names of the tables that held anything."""
    read_past_deals(con, ledger, before)
    tables = tables_at(con, ledger, before)
    for name in READ:
        if name in tables:
            make = con.create_view if name in COUNTED else con.create_table
            make(name, _metric_facts(name, tables[name]))
        else:
            con.con.register(name, TABLES[name].empty_in_order)
    return {name for name in READ if con.raw_sql(f"SELECT count(*) FROM {name}").fetchone()[0]}


def _metric_facts(name: str, facts: ir.Table) -> ir.Table:
    if name == "deal_changes":
        return in_order(facts.drop("_order").filter(facts.field.isin(ATTRIBUTES)), name, "deal_id")
    return facts.drop("_order") if name in COUNTED else facts


def last_recorded(con: Backend, ledger: Ledger) -> datetime:
    """Just after the last fact on record that metrics read, also what was seen only when an extract was taken."""
    paths = [str(path) for name in READ for path in ledger.files(name)]
    if not paths:
        raise InputError(f"{ledger.folder}: nothing that sales metrics are made of; they need {', '.join(READ[:3])} …")
    last = con.raw_sql(f"SELECT max(recorded_at) FROM read_parquet({paths}, union_by_name=true)").fetchone()[0]
    return last.astimezone(UTC) + timedelta(microseconds=1)  # type: ignore[no-any-return]


def derive(con: Backend, currency: str, periods: Sequence[Period]) -> None:
    """Make the tables that figures ask, with money in a currency, for some periods."""
    _make(con, "rate", running_rates())
    _make(con, "deal", _DEAL.format(deals="deals", changes="deal_changes"))
    _make(con, "account", _ACCOUNT)
    _make(con, "closing", _CLOSING)
    _make(con, "closed", _converted(_AMOUNT, currency))
    _make(con, "lead", _LEAD)
    _make(con, "cost", _converted(_COST, currency))
    _make(con, "quota", _converted(_QUOTA, currency))
    _make(con, "paid", _PAID)
    _make(con, "contract", _converted(_CONTRACT, currency))
    _make(con, "newcomer", _NEWCOMER)
    _make(con, "maker", _MAKER)
    _make(con, "involved", _INVOLVED)
    _make(con, "sharing", _SHARING)
    _make(con, "shared", _SHARED)
    rows = ", ".join(f"({index}, {literal(period.start)}, {literal(period.end)})" for index, period in enumerate(periods))
    _make(con, "period", f"SELECT * FROM (VALUES {rows}) AS p(period_index, since, until)")
    wanted = {"amount": ("amount", "amount"), "close_date": ("moment", "close_date"), "category": ("text", "forecast_category")}
    latest = {name: latest_value(field, column) for name, (column, field) in wanted.items()}
    _make(con, "running", _converted(_RUNNING, currency))
    if past := has_past_deals(con):
        _make(con, "past_deal", _DEAL.format(deals=PAST_DEALS, changes=PAST_CHANGES))
    names = {"deal": "past_deal", "changes": PAST_CHANGES} if past else {"deal": "deal", "changes": "deal_changes"}
    spells = f"SELECT * FROM {PAST_SPELLS}" if past else open_spells()
    pipeline = _PIPELINE.format(open_spells=spells, **names, **latest)
    _make(con, "pipeline", _converted(record_ids(pipeline) if past else pipeline, currency))


def _make(con: Backend, name: str, query: str) -> None:
    con.raw_sql(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")


def _converted(query: str, currency: str) -> str:
    """Facts with `money`, their `amount` in a currency, to the cent; `unrated` is the currency that had no rate on the day."""
    rate = f"CASE WHEN facts.currency IS NULL OR facts.currency = '{currency}' THEN 1 ELSE rate END"
    return f"""
        WITH facts AS ({query})
        SELECT facts.* EXCLUDE (rate), round(amount::DECIMAL(20, 4) * ({rate})::DECIMAL(18, 8), 2)::DECIMAL(38, 2) AS money,
               CASE WHEN amount IS NOT NULL AND ({rate}) IS NULL THEN facts.currency END AS unrated
        FROM ({with_rates("facts", "fact_at", "rate")}) facts"""
