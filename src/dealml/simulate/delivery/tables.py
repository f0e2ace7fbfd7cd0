"""The files of what deals take, cost and promise, each drawn from a stream of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.clock import Array
from dealml.simulate.company import Deals
from dealml.simulate.delivery import costs, effort, profiles, promises
from dealml.simulate.lives import DealLifecycles
from dealml.simulate.paths import Paths


def delivery_tables(
    seed: int, deals: Deals, paths: Paths, lives: DealLifecycles, account: Array, tables: dict[str, pd.DataFrame], calls: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """The tables by file name.

    Parameters
    ----------
    account
        The number of each deal's account.
    tables
        What was drawn before: `Account` and `Offer`.
    calls
        Calls to leads, with `LeadNumber`, `occurred` and `recorded`.
    """
    offers, accounts = tables["Offer"], tables["Account"]
    currency = accounts["BillingCurrency"].to_numpy()[account]
    of_costs, of_hours, of_promises, of_profiles = (
        np.random.default_rng([seed, room.STREAM]) for room in (costs, effort, promises, profiles)
    )
    return {
        "DealCost": costs.cost_rows(of_costs, deals, lives, offers, account, currency),
        "TimeEntry": effort.time_rows(of_hours, deals, paths, lives, calls),
        "Approval": promises.approval_rows(of_promises, offers, lives),
        "Delivery": promises.delivery_rows(of_promises, offers, lives),
        "CompanyProfile": profiles.profile_rows(of_profiles, accounts),
        "StrategicValue": profiles.strategic_rows(of_profiles, deals, lives),
        "WinLossInterview": profiles.interview_rows(of_profiles, deals, lives, account),
    }
