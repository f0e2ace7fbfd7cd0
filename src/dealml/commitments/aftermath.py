"""How won deals fared: delivered late, and whether the customer left, by whether they broke the policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from ibis.backends.duckdb import Backend

from dealml.as_of.year_after_win import stayed_a_year
from dealml.commitments.check import BROKEN
from dealml.ledger.sql import literal
from dealml.wilson_interval import wilson_interval

ANY = "any"
"""The subject that stands for all."""
_LATE = """
    WITH due AS (
        SELECT deal_id, delivery, min(occurred_at) FILTER (WHERE event = 'delivered') AS delivered_at,
               arg_max(due_at, _order) FILTER (WHERE event = 'promised') AS due_at
        FROM deliveries GROUP BY ALL)
    SELECT deal_id, bool_or(coalesce(delivered_at, {now}) > due_at) AS late
    FROM due WHERE due_at IS NOT NULL AND (delivered_at IS NOT NULL OR due_at < {now}) GROUP BY deal_id"""
_WINS = "SELECT deal_id, account_id, status_at AS won_at FROM deal WHERE status = 'won'"


@dataclass(frozen=True)
class ObservedShare:
    """A share of deals that were observed, with its 95 % interval; without any deal all are nan."""

    deals: int
    count: int
    share: float
    low: float
    high: float

    @classmethod
    def of(cls, happened: pd.Series) -> ObservedShare:
        """The share of yes among values that are not missing."""
        seen = happened.dropna().astype(bool)
        if seen.empty:
            return cls(0, 0, np.nan, np.nan, np.nan)
        low, high = wilson_interval(float(seen.mean()), float(len(seen)))
        return cls(len(seen), int(seen.sum()), float(seen.mean()), float(low), float(high))


@dataclass(frozen=True)
class Aftermath:
    """How the won deals that broke the rule of a subject, or kept it, fared."""

    subject: str
    """A subject of the policy, or `any`."""
    broken: bool
    deals: int
    late: ObservedShare
    """Something that was promised with a date was delivered after it, or is overdue."""
    churned: ObservedShare
    """The customer had no contract a year after the win."""


def aftermath(con: Backend, table: pd.DataFrame, now: datetime) -> tuple[Aftermath, ...]:
    """How won deals fared, for all subjects together and for each.

    Parameters
    ----------
    con
        With the tables of `dealml.commitments.promises.open_tables`.
    table
        What `dealml.commitments.check.checked` gives.
    now
        The moment that the tables were read for.
    """
    queries = (_LATE.format(now=literal(now)), f"SELECT deal_id, NOT stayed AS churned FROM ({stayed_a_year(_WINS, now)})")
    ends = [con.con.sql(query).to_arrow_table().to_pandas().set_index("deal_id") for query in queries]
    won = table[table["status"] == "won"]
    broken = won.assign(broken=won["state"].isin(BROKEN))
    parts = []
    for subject, rows in [(ANY, broken), *broken.groupby("subject", sort=False)]:
        by_deal = rows.groupby("deal_id")["broken"].any().to_frame().join(ends[0]).join(ends[1])
        for is_broken in (True, False):
            deals = by_deal[by_deal["broken"] == is_broken]
            late, churned = ObservedShare.of(deals["late"]), ObservedShare.of(deals["churned"])
            parts.append(Aftermath(str(subject), is_broken, len(deals), late, churned))
    return tuple(parts)
