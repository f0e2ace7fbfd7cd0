"""The true probability of winning, computed backwards from the horizon: no sampling, no error.

No feature, import or model can read it; tests measure estimates against it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from dealml.simulate.clock import Array, Times, week_start, workdays_within
from dealml.simulate.company import Deals
from dealml.simulate.paths import Paths
from dealml.simulate.process import GIVE_UP, LEVELS, REOPEN, STATES, Chain, moves

HORIZONS = (7, 14, 30, 60, 90, 180)
"""Days ahead for which the truth is given."""


def won_within(chain: Chain, steps: Sequence[int]) -> Array:
    """Chance that an open deal is won within a number of working days.

    Parameters
    ----------
    chain
        The chain that deals follow.
    steps
        Numbers of working days.

    Returns
    -------
    Array
        Probabilities, steps by levels by states. A deal lost, reopened and won
        within the time counts as won.
    """
    kernel = moves(chain)
    open_, lost = np.zeros((LEVELS, STATES)), np.zeros((LEVELS, STATES))
    open_by_step = {0: open_}
    for step in range(1, max(steps) + 1):
        ahead = np.matmul(kernel, open_[:, :, None])[:, :, 0]
        open_, lost = (
            chain.win + chain.lose * lost + ahead,
            REOPEN * open_ + (1 - REOPEN - GIVE_UP) * lost,
        )
        open_by_step[step] = open_
    return np.stack([open_by_step[step] for step in steps])


def truth_table(deals: Deals, paths: Paths, deal_ids: Array, entered: Times, chain: Chain) -> pa.Table:
    """The truth of each deal on each Monday that finds it open and entered, for each horizon.

    Columns: `deal_id`; `as_of`, Monday 00:00 UTC; `horizon_days`; `probability`
    that the deal is won before `as_of` plus that many days.
    """
    chances = won_within(chain, [workdays_within(h) for h in HORIZONS])
    as_of = week_start(paths.seen_week)
    seen = np.flatnonzero(entered[paths.seen_deal] < as_of)
    seen = seen[np.lexsort((paths.seen_deal[seen], paths.seen_week[seen]))]
    deal, state = paths.seen_deal[seen], paths.seen_state[seen]
    probability = chances[:, deals.level[deal], state].T.ravel()
    return pa.table(
        {
            "deal_id": pa.array(np.repeat(deal_ids[deal], len(HORIZONS)), pa.string()),
            "as_of": pa.array(np.repeat(as_of[seen].astype("datetime64[us]"), len(HORIZONS)), pa.timestamp("us", "UTC")),
            "horizon_days": pa.array(np.tile(np.array(HORIZONS), len(seen)), pa.int64()),
            "probability": pa.array(probability, pa.float64()),
        }
    )
