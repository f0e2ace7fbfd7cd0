"""Hours by role: how many each deal takes in a week that finds it open, and how many are still to come."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from dealml.simulate.clock import END, Array, days, seconds, week_start
from dealml.simulate.company import Deals
from dealml.simulate.lives import DealLifecycles
from dealml.simulate.paths import Paths
from dealml.simulate.process import GIVE_UP, LEVELS, REOPEN, STATES, Chain, moves, unpack

STREAM = 6
"""Hours are drawn from a stream of their own, so that the rest of a company stays what it was without them."""

ROLES = ("seller", "sales_engineer", "legal", "executive")
SIZE = {"SMB": 0.5, "Mid-market": 1.0, "Enterprise": 2.2}
"""How much more the hours of a segment are than those of the middle one."""
BOOKING = 3.0
"""Hours of an average booking."""
ON_A_CALL = 0.4
"""Hours of a call to a lead, on average."""
WEEK = 5


def weekly_hours() -> Array:
    """Hours a week that a deal of the middle segment takes, states by roles."""
    milestones, depth, aware = unpack(np.arange(STATES))
    return np.stack([0.8 + 0.2 * milestones, 0.5 * (milestones >= 2), 0.35 * (milestones >= 4), 0.05 + 0.15 * aware + 0.02 * depth], axis=1)


def hours_to_come(chain: Chain) -> Array:
    """Expected hours of the weeks that will find a deal open, this one included: levels by states by roles, for the middle segment.

    They solve h = hours + W h, where W is the chance that next Monday finds the deal in each state; a lost deal may be reopened.
    """
    daily = moves(chain)
    # A reopened deal is as it was: a share of what is lost on a day counts as open in the same state.
    daily[:, np.arange(STATES), np.arange(STATES)] += REOPEN / (REOPEN + GIVE_UP) * chain.lose
    week = np.linalg.matrix_power(daily, WEEK)
    return np.asarray(np.linalg.solve(np.eye(STATES) - week, np.broadcast_to(weekly_hours(), (LEVELS, STATES, len(ROLES)))))


def size_of(deals: Deals) -> Array:
    """How much more hours each deal takes than one of the middle segment."""
    return np.array([SIZE[name] for name in deals.segment])


def effort_truth(deals: Deals, paths: Paths, deal_ids: Array, chain: Chain) -> pa.Table:
    """The expected hours still to come of each deal on each Monday that finds it open: `deal_id`, `as_of`, and a column a role."""
    hours = hours_to_come(chain)[deals.level[paths.seen_deal], paths.seen_state] * size_of(deals)[paths.seen_deal, None]
    columns = {role: pa.array(hours[:, number]) for number, role in enumerate(ROLES)}
    as_of = pa.array(week_start(paths.seen_week).astype("datetime64[us]"), pa.timestamp("us", "UTC"))
    return pa.table({"deal_id": pa.array(deal_ids[paths.seen_deal], pa.string()), "as_of": as_of, **columns})


def time_rows(rng: np.random.Generator, deals: Deals, paths: Paths, lives: DealLifecycles, calls: pd.DataFrame) -> pd.DataFrame:
    """One row a booking: hours of a role on a deal within a week that found it open, and on each call to a lead.

    Parameters
    ----------
    calls
        The calls to leads, with `LeadNumber` and `occurred`.
    """
    mean = weekly_hours()[paths.seen_state] * size_of(deals)[paths.seen_deal, None]
    seen, role = np.nonzero(rng.random(mean.shape) < np.minimum(mean / BOOKING, 0.9))
    expected = mean[seen, role] / np.minimum(mean[seen, role] / BOOKING, 0.9)
    monday, deal = week_start(paths.seen_week[seen]), paths.seen_deal[seen]
    until = np.minimum(np.where(lives.end[deal] > monday, lives.end[deal], END), monday + days(np.array(WEEK)))
    occurred = monday + seconds(rng.random(len(seen)) * (until - monday).astype("int64"))
    on_deals = pd.DataFrame(
        {
            "OpportunityNumber": [f"D{number + 1:06d}" for number in deal],
            "LeadNumber": "",
            "Role": np.array(ROLES, dtype=object)[role],
            "hours": expected * rng.gamma(4.0, 0.25, len(seen)),
            "occurred": occurred,
            "recorded": lives.recorded(rng, deal, occurred),
        }
    )
    on_leads = calls[["LeadNumber", "occurred", "recorded"]].assign(OpportunityNumber="", Role="seller")
    on_leads["hours"] = ON_A_CALL * rng.gamma(4.0, 0.25, len(calls))
    rows = pd.concat([on_deals, on_leads], ignore_index=True)
    rows = rows.sort_values(["recorded", "OpportunityNumber", "LeadNumber", "Role"], kind="stable", ignore_index=True)
    return rows.assign(EntryNumber=[f"T{number:07d}" for number in range(1, len(rows) + 1)], Hours=rows["hours"].map("{:.2f}".format))
