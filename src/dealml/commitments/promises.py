"""Promises of deals as of a moment: what the latest offers give, since when, and whether it was approved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
from ibis.backends.duckdb import Backend

from dealml.as_of.known_tables import in_order, tables_at
from dealml.as_of.latest_values import latest_value
from dealml.as_of.states import closings
from dealml.commitments.policy import Commitment, Measure
from dealml.ledger.ledger import Ledger
from dealml.ledger.schema import TABLES

READ = ("deals", "deal_changes", "outcomes", "offers", "approvals", "deliveries", "subscriptions")
_VALUES: dict[Measure, str] = {
    "discount": "SELECT deal_id, _order, occurred_at, discount AS value FROM offers",
    "customisation": "SELECT deal_id, _order, occurred_at, customisation AS value FROM offers",
    "services_share": "SELECT deal_id, _order, occurred_at, services::DOUBLE / nullif(price::DOUBLE, 0) AS value FROM offers",
    "timeline_promise": "SELECT deal_id, _order, occurred_at, timeline_promise::DOUBLE AS value FROM offers",
    "roadmap_promise": "SELECT deal_id, _order, occurred_at, roadmap_promise::DOUBLE AS value FROM offers",
    "implementation_days": """
        SELECT deal_id, _order, occurred_at, date_diff('second', occurred_at, due_at) / 86400 AS value
        FROM deliveries WHERE event = 'promised' AND delivery = 'implementation'""",
}
_DEAL = f"""
    WITH named AS (
        SELECT deal_id, {latest_value("name", "text")} AS name, {latest_value("stage", "text")} AS stage
        FROM deal_changes GROUP BY deal_id),
    theirs AS (SELECT deal_id, arg_max(account_id, _order) FILTER (WHERE account_id IS NOT NULL) AS account_id FROM deals GROUP BY deal_id)
    SELECT deal_id, account_id, status, since, coalesce(occurred_at, since) AS status_at, name, stage
    FROM ({closings()}) JOIN theirs USING (deal_id) LEFT JOIN named USING (deal_id) WHERE until IS NULL"""
_PROMISE = """
    WITH given AS (SELECT * FROM ({values}) WHERE value IS NOT NULL),
    latest AS (SELECT deal_id, arg_max(value, _order) AS value FROM given GROUP BY deal_id),
    since AS (
        SELECT deal_id, latest.value, min(occurred_at) AS promised_at
        FROM latest JOIN given USING (deal_id) WHERE {sign} * given.value >= {sign} * latest.value GROUP BY ALL),
    answers AS (
        SELECT deal_id, arg_max(event, a._order) AS approval
        FROM approvals a JOIN since USING (deal_id) WHERE subject = $subject AND a.occurred_at >= promised_at GROUP BY deal_id)
    SELECT deal.*, {number} AS commitment, value, promised_at, approval
    FROM deal JOIN since USING (deal_id) LEFT JOIN answers USING (deal_id)"""


def open_tables(con: Backend, ledger: Ledger, before: datetime) -> None:
    """Make the tables of what was on record strictly before a moment."""
    tables = tables_at(con, ledger, before)
    for name in READ:
        if name not in tables:
            con.con.register(name, TABLES[name].empty_in_order)
        elif name == "deal_changes":
            fields = tables[name].drop("_order").filter(tables[name].field.isin(["name", "stage"]))
            con.create_table(name, in_order(fields, name, "deal_id"), temp=True)
        else:
            con.create_table(name, tables[name], temp=True)
    con.raw_sql(f"CREATE OR REPLACE TEMP TABLE deal AS {_DEAL}")


def promises(con: Backend, commitments: Sequence[Commitment]) -> pd.DataFrame:
    """What every deal promises in each subject, where something of it is on record.

    Parameters
    ----------
    con
        With the tables of `open_tables`.

    Returns
    -------
    DataFrame
        `deal_id`, `account_id`, `status` (open, won or lost), `since` and `status_at` (when that went on record, and when it was),
        `name`, `stage`, `commitment` (its place in the policy), `value`, `promised_at` (when as much was first offered) and `approval`
        (the last event of an approval since then: requested, granted or refused; missing where there is none).
    """
    parts = []
    for number, commitment in enumerate(commitments):
        sign = "-1" if commitment.demands(1) < 0 else "1"
        query = _PROMISE.format(values=_VALUES[commitment.measure], sign=sign, number=number)
        parts.append(con.con.sql(query, params={"subject": commitment.subject}).to_arrow_table().to_pandas())
    table: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return table
