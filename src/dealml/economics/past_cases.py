"""Past cases that the economics of deals learn from: what was on record before a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from ibis.backends.duckdb import Backend

from dealml.economics import cases
from dealml.economics.acquisition import AcquisitionCosts


@dataclass(frozen=True, eq=False)
class PastCases:
    """Past cases by their kind, as `dealml.economics.cases` reads them."""

    won: pd.DataFrame
    closed: pd.DataFrame
    roles: list[str]
    stages: pd.DataFrame
    customers: pd.DataFrame
    growth: pd.DataFrame
    acquisition: AcquisitionCosts

    @classmethod
    def of(cls, con: Backend, at: datetime, settled_days: float, acquisition: AcquisitionCosts) -> PastCases:
        """The past cases in a connection whose tables are made (`ledger_tables.open_tables`, `cases.make_customers`)."""
        roles = cases.roles_of(con)
        return cls(
            cases.won_deals(con, at, settled_days),
            cases.closed_deals(con),
            roles,
            cases.stage_hours(con, at, roles) if roles else pd.DataFrame(),
            cases.customers(con, at),
            cases.revenue_growth(con, at),
            acquisition,
        )
