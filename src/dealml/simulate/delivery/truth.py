"""The truth of each deal: the planted scenarios that it fits, its margin, and how long such a customer stays."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from dealml.simulate.accounts import Accounts
from dealml.simulate.clock import Array
from dealml.simulate.company import SCENARIOS, SEGMENT, Deals
from dealml.simulate.customers import TERM, first_seats, subscribe
from dealml.simulate.delivery.costs import KINDS, expected_costs, latest_terms, scenario_marks
from dealml.simulate.health import health

STREAM = 9
"""The customers that survival is counted on are drawn from a stream of their own."""

CUSTOMERS = 1_500
"""Customers of each segment that are followed to see how many stay: a share is known to about one percentage point."""


def survival_by_segment(rng: np.random.Generator) -> dict[str, tuple[float, float]]:
    """By segment, the share of customers that are customers still after 12 and after 24 months, their renewals included.

    Customers of the same rules as the company's are followed from one first day on: how long one stays depends on its seats, which
    depend on the segment, and on how it fares.
    """
    stays = {}
    for segment in SEGMENT:
        crowd = Accounts(pd.DataFrame({"SizeClass": [segment] * CUSTOMERS}), np.zeros(CUSTOMERS, int), np.full(0, -1))
        seats = first_seats(rng, crowd)
        until = subscribe(rng, crowd, seats, health(rng, seats)).until
        stays[segment] = (float((until > TERM).mean()), float((until > 2 * TERM).mean()))
    return stays


def deal_truth(rng: np.random.Generator, deals: Deals, deal_ids: Array, offers: pd.DataFrame, currency: Array) -> pa.Table:
    """One row a deal, by the terms of its latest offer.

    Columns: `deal_id`; `scenarios`, the numbers of the planted scenarios (`company.SCENARIOS`, from 1) that it fits; `revenue`, `goods`,
    `services`, `customisation`, `third_party` and `margin`, expected, in EUR; `stays_12_months` and `stays_24_months`.
    """
    terms = latest_terms(deals, offers, currency)
    costs, marks, stays = expected_costs(deals, terms), scenario_marks(deals), survival_by_segment(rng)
    numbers = [[number for number in range(1, len(SCENARIOS) + 1) if row[number - 1]] for row in marks]
    return pa.table(
        {
            "deal_id": pa.array(deal_ids, pa.string()),
            "scenarios": pa.array(numbers, pa.list_(pa.int64())),
            "revenue": pa.array(terms["price"].to_numpy()),
            **{kind.lower().replace(" ", "_"): pa.array(costs[kind].to_numpy()) for kind in KINDS},
            "margin": pa.array((terms["price"] - costs.sum(axis=1)).to_numpy()),
            "stays_12_months": pa.array([stays[name][0] for name in deals.segment]),
            "stays_24_months": pa.array([stays[name][1] for name in deals.segment]),
        }
    )
