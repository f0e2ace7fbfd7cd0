"""What a company keeps outside of its deals: costs, quotas, and what its own people answer."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate import employees, finance
from dealml.simulate.clock import Array
from dealml.simulate.company import Deals
from dealml.simulate.leads.tables import STREAM, LeadTables, lead_tables
from dealml.simulate.lives import DealLifecycles


def office_tables(
    seed: int, deals: Deals, lives: DealLifecycles, tables: dict[str, pd.DataFrame], currency: Array
) -> dict[str, pd.DataFrame]:
    """The tables by file name, each drawn from a stream of its own.

    Parameters
    ----------
    tables
        What was drawn before: `Opportunity` and `SubscriptionEvent`.
    currency
        In which each account is billed.
    """
    team = tables["Opportunity"].sort_values("deal")["Team"].to_numpy()
    money = np.random.default_rng([seed, finance.STREAM])
    return {
        "Cost": finance.cost_rows(money, tables["SubscriptionEvent"], currency),
        "Quota": finance.quota_rows(money, deals, lives, team),
        "employee_survey": employees.answer_rows(np.random.default_rng([seed, employees.STREAM])),
    }


def leads_of_company(seed: int, deals: Deals, lives: DealLifecycles, tables: dict[str, pd.DataFrame]) -> LeadTables:
    """The leads behind the deals of a company, from their own stream."""
    by_deal = tables["Opportunity"].sort_values("deal", ignore_index=True)
    rows = by_deal[["deal", "LeadSource", "SizeClass", "Industry", "CountryCode", "Team"]].assign(
        is_new=deals.deal_type == "New",
        created_day=deals.created_day,
        created=lives.created,
        entered=lives.entered,
        AccountNumber=tables["Account"]["AccountNumber"].to_numpy()[by_deal["account"]],
    )
    return lead_tables(np.random.default_rng([seed, STREAM]), rows)
