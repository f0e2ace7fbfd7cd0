"""Where new deals come from: leads that came in, were qualified, and became a deal or nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.clock import WORKDAYS, Array, Times, days, delay, office_hours, working_moment
from dealml.simulate.company import SEGMENT, SOURCE, Deals
from dealml.simulate.lives import DealLifecycles

STREAM = 2
"""Leads are drawn from a stream of their own, so that the rest of a company stays what it was without them."""

WASTED = 3.0
"""Leads that become nothing, for each that becomes a deal."""
QUALIFIED = 0.25
"""Share of these that were qualified all the same."""

_NEVER = np.datetime64("NaT", "s")


def lead_rows(rng: np.random.Generator, deals: Deals, lives: DealLifecycles, team: Array) -> pd.DataFrame:
    """One row for each thing that happened to a lead.

    Every deal with a new customer was a lead before; `team` is that of each deal.
    """
    leads = pd.concat([_that_converted(rng, deals, lives, team), _that_did_not(rng, deals, team)], ignore_index=True)
    leads = leads.sort_values(["created", "deal"], kind="stable", ignore_index=True)
    leads["LeadNumber"] = [f"L{number:06d}" for number in range(1, len(leads) + 1)]
    recorded = leads["created"] + delay(rng, len(leads), late=0.02)
    parts = [leads.assign(Status="Created", occurred=leads["created"], recorded=recorded)]
    for status, clock in (("Qualified", "qualified"), ("Disqualified", "dropped"), ("Converted", "converted")):
        noted = np.maximum(leads[clock] + delay(rng, len(leads), late=0.02), recorded)
        if status == "Converted":  # with the deal itself
            noted = leads["entered"]
        parts.append(leads.assign(Status=status, occurred=leads[clock], recorded=noted)[leads[clock].notna()])
    rows = pd.concat(parts, ignore_index=True)
    became = (rows["Status"] == "Converted").to_numpy()
    numbers = [f"D{deal + 1:06d}" if has_deal else "" for deal, has_deal in zip(rows["deal"].tolist(), became.tolist(), strict=True)]
    return rows.assign(OpportunityNumber=numbers).sort_values(["recorded", "LeadNumber", "occurred"], kind="stable", ignore_index=True)


def _that_converted(rng: np.random.Generator, deals: Deals, lives: DealLifecycles, team: Array) -> pd.DataFrame:
    deal = np.flatnonzero(deals.deal_type == "New")
    became = lives.created[deal]
    created = office_hours(rng, became - days(rng.uniform(6, 45, len(deal))))
    qualified = created + days(rng.uniform(0.2, 0.9, len(deal)) * ((became - created) / days(np.array(1))))
    leads = pd.DataFrame({"deal": deal, "LeadSource": deals.source[deal], "SizeClass": deals.segment[deal], "Team": team[deal]})
    return _with_clocks(leads, created=created, qualified=qualified, converted=became, entered=lives.entered[deal])


def _that_did_not(rng: np.random.Generator, deals: Deals, team: Array) -> pd.DataFrame:
    count = int(rng.poisson(WASTED * max((deals.deal_type == "New").sum(), 1)))
    created = working_moment(rng, rng.integers(0, WORKDAYS, count)) - days(np.full(count, 7.0))
    patience = rng.gamma(3.0, 9.0, count) + 2
    qualified = created + days(patience * rng.uniform(0.2, 0.8, count))
    qualified = np.where(rng.random(count) < QUALIFIED, qualified, _NEVER)
    names = {
        column: np.array(list(values), dtype=object)[rng.integers(0, len(values), count)]
        for column, values in (("LeadSource", SOURCE), ("SizeClass", SEGMENT))
    }
    leads = pd.DataFrame({"deal": np.full(count, -1), **names, "Team": team[rng.integers(0, len(team), count)]})
    return _with_clocks(leads, created=created, qualified=qualified, dropped=created + days(patience))


def _with_clocks(leads: pd.DataFrame, **clocks: Times) -> pd.DataFrame:
    never = np.full(len(leads), _NEVER)
    return leads.assign(**{name: clocks.get(name, never) for name in ("created", "qualified", "dropped", "converted", "entered")})
