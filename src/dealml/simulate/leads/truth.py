"""The true probability that a lead is converted, computed backwards from the horizon: no sampling, no error."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from dealml.simulate.clock import END, START, Array, Times, days, workday_start
from dealml.simulate.leads.candidates import Leads
from dealml.simulate.leads.chain import DISQUALIFIED, LEVELS, NEW, QUALIFIED, STATES, LeadChain, after, unpack
from dealml.simulate.leads.walk import LAST_DAY

HORIZONS = (7, 30, 60, 90)
"""Days ahead for which the truth is given."""


def workdays_after(weekday: Array, horizon: int) -> Array:
    """Working days in the `horizon` days that follow midnight of a weekday (0 is Monday)."""
    rest = (weekday[:, None] + np.arange(horizon % 7)) % 7
    return np.asarray(5 * (horizon // 7) + (rest < 5).sum(axis=1))


def converted_within(chain: LeadChain, steps: Sequence[int]) -> Array:
    """Chance that a lead is converted within a number of working days.

    Parameters
    ----------
    chain
        The chain that leads follow.
    steps
        Numbers of working days.

    Returns
    -------
    Array
        Probabilities, steps by levels by states. A lead disqualified, recycled and converted within the time counts as converted.
    """
    branches = _branches(chain)
    chance = np.zeros((LEVELS, STATES))
    by_step = {0: chance}
    for step in range(1, max(steps) + 1):
        chance = chain.convert + sum(probability * chance[:, there] for probability, there in branches)
        by_step[step] = chance
    return np.stack([by_step[step] for step in steps])


def _branches(chain: LeadChain) -> list[tuple[Array, Array]]:
    """All ways in which a day without a conversion may end: the probability, levels by states, and the state it leads to."""
    here = np.arange(STATES)
    phase = unpack(here)[3]
    stays = 1 - chain.convert - chain.drop - chain.qualify
    found = []
    for touched, touch in ((False, 1 - chain.touch), (True, chain.touch)):
        for answered, answer in ((False, 1 - chain.answer), (True, chain.answer)):
            same = np.where((phase == DISQUALIFIED) & touched, NEW, phase)
            for moved, probability in ((same, stays), (QUALIFIED, chain.qualify), (DISQUALIFIED, chain.drop)):
                there = after(here, np.broadcast_to(moved, here.shape), np.full(STATES, touched), np.full(STATES, answered))
                found.append((probability * touch * answer, there))
    return found


def truth_table(leads: Leads, chain: LeadChain) -> pa.Table:
    """The truth of each open lead at the midnight after each day on which it touched us strongly, and on each Monday.

    Columns: `lead_id`; `as_of`, midnight UTC; `horizon_days`; `probability` that the lead is converted before `as_of` plus that many days.
    A lead's last quarter before it is cleaned up (`walk.LAST_DAY`) is left out.
    """
    seen = leads.walks.seen
    touched = leads.walks.events.loc[leads.walks.events["what"] == "touch", ["lead", "day"]].assign(touched=True)
    seen = seen[seen["day"] <= LAST_DAY - workdays_after(np.array([0]), max(HORIZONS))[0]].merge(touched, "left", ["lead", "day"])
    day = leads.who["created_day"].to_numpy()[seen["lead"]] + seen["day"].to_numpy()
    friday, touched_ = day % 5 == 4, seen["touched"].notna().to_numpy()
    lead, state = seen["lead"].to_numpy(), seen["state"].to_numpy()
    parts = [
        _rows(leads.walks.level, lead[at], state[at], midnight[at], chain)
        for at, midnight in ((friday, workday_start(day + 1)), (touched_, workday_start(day) + days(np.array(1))))
    ]
    return pa.concat_tables(parts)


def _rows(level: Array, lead: Array, state: Array, as_of: Times, chain: LeadChain) -> pa.Table:
    lead, state, as_of = (part[as_of <= END] for part in (lead, state, as_of))
    weekday = ((as_of - START) // days(np.array(1))) % 7
    steps = np.stack([workdays_after(weekday, horizon) for horizon in HORIZONS], axis=1)
    needed, place = np.unique(steps, return_inverse=True)
    chances = converted_within(chain, needed.tolist() or [1])
    probability = chances[place.reshape(steps.shape), level[lead][:, None], state[:, None]]
    return pa.table(
        {
            "lead_id": pa.array([f"L{number + 1:06d}" for number in np.repeat(lead, len(HORIZONS))], pa.string()),
            "as_of": pa.array(np.repeat(as_of.astype("datetime64[us]"), len(HORIZONS)), pa.timestamp("us", "UTC")),
            "horizon_days": pa.array(np.tile(np.array(HORIZONS), len(lead)), pa.int64()),
            "probability": pa.array(probability.ravel(), pa.float64()),
        }
    )
