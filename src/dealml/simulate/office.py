"""What a company keeps outside of its deals: leads, costs, quotas, and what its own people answer."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate import employees, finance, leads
from dealml.simulate.clock import Array
from dealml.simulate.company import Deals
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
        "LeadEvent": leads.lead_rows(np.random.default_rng([seed, leads.STREAM]), deals, lives, team),
        "Cost": finance.cost_rows(money, tables["SubscriptionEvent"], currency),
        "Quota": finance.quota_rows(money, deals, lives, team),
        "employee_survey": employees.answer_rows(np.random.default_rng([seed, employees.STREAM])),
    }
