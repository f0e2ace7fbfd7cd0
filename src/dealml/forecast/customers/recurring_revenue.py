"""Recurring revenue of existing customers: what is lost by cancellation, and what the others add."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

from dealml.as_of.corrected_events import with_hidden_columns
from dealml.as_of.latest_values import latest_value
from dealml.as_of.rates import rates_at, running_rates
from dealml.forecast.accuracy import range_of
from dealml.forecast.result import Recurring
from dealml.forecast.simulation.common_shock import Shock
from dealml.forecast.simulation.draws import DRAWS, SEED
from dealml.learning.view import View
from dealml.ledger.schema import TABLES
from dealml.ledger.sql import literal

Floats = npt.NDArray[np.float64]

MOST_WINDOWS = 12
_TINY = 1e-9

_RATES = f"""
    LEFT JOIN (
        SELECT account_id, {latest_value("currency", "text")} AS currency FROM account_changes_seen GROUP BY account_id) USING (account_id)
    LEFT JOIN ({rates_at(f"({running_rates('rates_seen')})")}) USING (currency)"""
_NO_CURRENCY = "CROSS JOIN (SELECT NULL::TEXT AS currency, NULL::DOUBLE AS rate)"

_BASE = """
    WITH levels AS (
        SELECT account_id, subscription_id, recorded_at, occurred_at, _order, _superseded_at,
            CASE event WHEN 'cancellation' THEN 0.0 ELSE arr::DOUBLE END AS level FROM subscriptions_seen),
    now AS (
        SELECT v.as_of, account_id, subscription_id, arg_max(level, _order) AS level
        FROM levels CROSS JOIN (SELECT * FROM (VALUES {moments}) AS v(as_of)) v
        WHERE level IS NOT NULL AND recorded_at < v.as_of AND occurred_at <= v.as_of
              AND (_superseded_at IS NULL OR _superseded_at >= v.as_of) GROUP BY ALL),
    base AS (SELECT as_of, account_id, sum(level) AS arr FROM now GROUP BY ALL)
    SELECT as_of, account_id, arr * CASE WHEN rate IS NULL AND (currency IS NULL OR currency = '{currency}') THEN 1.0 ELSE rate END AS arr
    FROM base {rates}"""


def base_at(view: View, moments: Sequence[datetime], currency: str) -> pd.DataFrame:
    """Yearly recurring revenue of each account at moments, as known then, at the rates known at the view's end.

    Returns
    -------
    DataFrame
        `as_of`, `account_id`, `arr`; nan where the account's currency has no rate. The rates are the same for all moments, so that what
        currencies do is not taken for what customers do.
    """
    con, available = view.con, {"subscriptions", "account_changes", "rates"} & set(view.tables)
    for name in available:
        con.create_view(f"{name}_seen", with_hidden_columns(view.tables[name]), overwrite=True)
    if "rates" not in available:
        con.con.register("rates_seen", TABLES["rates"].empty_in_order)
    rates = _RATES if "account_changes" in available else _NO_CURRENCY
    moment_rows = ", ".join(f"({literal(moment)})" for moment in moments)
    con.raw_sql(f"CREATE OR REPLACE TEMP TABLE recurring AS {_BASE.format(moments=moment_rows, currency=currency, rates=rates)}")
    table: pd.DataFrame = con.to_pyarrow(con.table("recurring")).to_pandas()
    return table.sort_values(["as_of", "account_id"], ignore_index=True)


def growth_of_stayers(view: View, as_of: datetime, length: timedelta, currency: str) -> Floats:
    """For past windows of a length, the latest first: by what share those who stayed, all together, added to their revenue."""
    moments = [as_of - step * length for step in range(MOST_WINDOWS + 1)]
    table = base_at(view, moments, currency).pivot(index="account_id", columns="as_of", values="arr")
    shares = []
    for later, earlier in zip(moments, moments[1:], strict=False):
        if pd.Timestamp(earlier) not in table or pd.Timestamp(later) not in table:
            break
        before, after = table[pd.Timestamp(earlier)].to_numpy(dtype=np.float64), table[pd.Timestamp(later)].to_numpy(dtype=np.float64)
        stayed = (before > 0) & (after > 0)
        if stayed.any():
            shares.append(float(after[stayed].sum() / before[stayed].sum() - 1))
    return np.array(shares)


def recurring_of(arr: Floats, leaves: Floats, growth: Floats, shock: Shock, draws: int = DRAWS) -> Recurring:
    """Draw the base at the end: accounts cancel, all moved by one shock; those who stay grow as in a past window.

    Parameters
    ----------
    arr, leaves
        Of each account: its yearly recurring revenue, and its probability of leaving by the period's end.
    growth
        Shares from `growth_of_stayers`; where there are none, nothing is added.
    """
    rng = np.random.default_rng([SEED, 10])
    u = shock.draw(rng, draws)
    margin, churned = logit(np.clip(leaves, _TINY, 1 - _TINY)), np.zeros(draws)
    for start in range(0, len(arr), 500):
        chance = expit((margin[start : start + 500, None] + u).astype(np.float32))
        churned += arr[start : start + 500] @ (rng.random(chance.shape, dtype=np.float32) < chance)
    now = float(arr.sum())
    expanded = (now - churned) * (rng.choice(growth, draws) if len(growth) else 0.0)
    return Recurring(now, range_of(now - churned + expanded), range_of(churned), range_of(expanded), len(arr))
