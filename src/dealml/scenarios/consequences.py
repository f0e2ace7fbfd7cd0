"""What the deals of each scenario brought: money, time to win, and whether their customers stayed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from dealml.as_of.connection import QuerySettings, connect
from dealml.as_of.year_after_win import stayed_a_year
from dealml.ledger.ledger import Ledger
from dealml.period import Period
from dealml.sales_metrics.facts import derive, read

_BROUGHT = """
    SELECT scenario, median(money) AS median_amount, sum(money) AS won_amount,
           median(date_diff('second', created_at, fact_at) / 86400) AS median_days_to_win
    FROM matched JOIN closed USING (deal_id) WHERE outcome = 'won' AND next_at IS NULL GROUP BY scenario"""

_WINS = """
    SELECT scenario, account_id, min(fact_at) AS won_at FROM matched JOIN closed USING (deal_id)
    WHERE outcome = 'won' AND next_at IS NULL AND account_id IS NOT NULL GROUP BY ALL"""
_STAYED = "SELECT scenario, count(*) AS customers, count(*) FILTER (WHERE NOT stayed) AS churned FROM ({wins}) GROUP BY scenario"


@dataclass(frozen=True)
class Consequences:
    """What the deals of a scenario brought, from the same facts as the sales metrics."""

    median_amount: float | None
    """Of the won deals, in the project's currency; None where none has an amount."""
    won_amount: float | None
    """The sum of the same."""
    median_days_to_win: float | None
    """From the creation of a deal to its win."""
    customers: int
    """Accounts with a contract by the day a year after their first win in the scenario, where that day has passed."""
    churned: int
    """Those without any on that day."""


def consequences(
    ledger: Ledger, as_of: datetime, currency: str, settings: QuerySettings, matched: Sequence[pa.Array]
) -> list[Consequences]:
    """What the won deals of scenarios brought.

    Parameters
    ----------
    as_of
        Only what was recorded strictly before counts.
    matched
        For each scenario, the ids of its closed deals.
    """
    con = connect(settings)
    read(con, ledger, as_of)
    # The metrics' tables are of some period; those that are read here, closings and their money, do not depend on it.
    derive(con, currency, [Period(as_of - timedelta(days=1), as_of)])
    ids = pa.chunked_array([pa.array(deals, pa.string()) for deals in matched], pa.string())
    numbers = pa.chunked_array([pa.array([number] * len(deals), pa.int64()) for number, deals in enumerate(matched)], pa.int64())
    con.con.register("matched", pa.table({"scenario": numbers, "deal_id": ids}))
    queries = (_BROUGHT, _STAYED.format(wins=stayed_a_year(_WINS, as_of)))
    brought, stayed = ({row["scenario"]: row for row in con.con.sql(query).to_arrow_table().to_pylist()} for query in queries)
    return [_of(brought.get(number, {}), stayed.get(number, {})) for number in range(len(matched))]


def _of(brought: dict[str, Any], stayed: dict[str, Any]) -> Consequences:
    won_amount = brought.get("won_amount")
    return Consequences(
        median_amount=None if brought.get("median_amount") is None else float(brought["median_amount"]),
        won_amount=None if won_amount is None else float(won_amount),
        median_days_to_win=brought.get("median_days_to_win"),
        customers=stayed.get("customers", 0),
        churned=stayed.get("churned", 0),
    )
