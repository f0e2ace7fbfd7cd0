"""The records of how a deal progresses: milestones reached and people engaged, mostly in time, some days late."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.clock import Array, working_moment
from dealml.simulate.company import Deals
from dealml.simulate.lives import DealLifecycles
from dealml.simulate.paths import Paths
from dealml.simulate.process import MILESTONES, unpack

NAMES = ("Problem confirmed", "Criteria agreed", "Stakeholders known", "Budget set", "Timeline set")
"""Milestones in their usual order."""

PEOPLE = ("Champion", "Economic Buyer", "Executive", "User", "Technical")
"""Roles, in the order of an account's contacts."""


def milestone_rows(rng: np.random.Generator, deals: Deals, paths: Paths, lives: DealLifecycles) -> pd.DataFrame:
    """One row per milestone reached, also those that a deal starts with."""
    count = len(deals)
    order = np.tile(np.arange(MILESTONES - 1), (count, 1))
    swapped = np.flatnonzero(rng.random(count) < 0.3)
    at = rng.integers(0, MILESTONES - 2, len(swapped))
    order[swapped, at], order[swapped, at + 1] = at + 1, at

    before, after = unpack(paths.before)[0], unpack(paths.after)[0]
    reached = after > before
    started = unpack(deals.first_state)[0]
    deal = np.concatenate([np.repeat(np.arange(count), started), paths.moved_deal[reached]])
    step = np.concatenate([np.concatenate([np.arange(n) for n in started]), before[reached]]).astype(int)
    occurred = np.concatenate([np.repeat(lives.created, started), working_moment(rng, paths.moved_day[reached])])
    return pd.DataFrame(
        {
            "deal": deal,
            "Milestone": np.array(NAMES, dtype=object)[order[deal, step]],
            "occurred": occurred,
            "recorded": lives.recorded(rng, deal, occurred),
        }
    )


def stakeholder_rows(rng: np.random.Generator, deals: Deals, paths: Paths, lives: DealLifecycles) -> pd.DataFrame:
    """One row whenever a person's engagement in a deal became known; `person` is the contact within the account."""
    parts = [*_champions(rng, deals, paths, lives), *_executives(rng, deals, paths, lives)]
    parts += _others(rng, paths, lives, len(deals))
    rows = pd.concat(parts, ignore_index=True)
    rows["Role"] = np.array(PEOPLE, dtype=object)[rows["person"]]
    deal, occurred = rows["deal"].to_numpy(), rows["occurred"].to_numpy()
    return rows.assign(recorded=lives.recorded(rng, deal, occurred))


def _champions(rng: np.random.Generator, deals: Deals, paths: Paths, lives: DealLifecycles) -> list[pd.DataFrame]:
    first = unpack(deals.first_state)[1]
    with_champion = np.flatnonzero(first > 0)
    before, after = unpack(paths.before)[1], unpack(paths.after)[1]
    moved = before != after
    when = working_moment(rng, paths.moved_day[moved])
    return [
        _people(with_champion, 0, first[with_champion], lives.created[with_champion]),
        _people(paths.moved_deal[moved], 0, after[moved], when),
    ]


def _executives(rng: np.random.Generator, deals: Deals, paths: Paths, lives: DealLifecycles) -> list[pd.DataFrame]:
    """An executive may be known of (engagement 0) before being aware (1 or 2)."""
    aware = np.flatnonzero(unpack(deals.first_state)[2] == 1)
    named = np.flatnonzero((unpack(deals.first_state)[2] == 0) & (rng.random(len(deals)) < 0.3))
    informed = unpack(paths.before)[2] < unpack(paths.after)[2]
    when = working_moment(rng, paths.moved_day[informed])
    return [
        _people(aware, 2, rng.integers(1, 3, len(aware)), lives.created[aware]),
        _people(named, 2, np.zeros(len(named), int), lives.created[named]),
        _people(paths.moved_deal[informed], 2, rng.integers(1, 3, informed.sum()), when),
    ]


def _others(rng: np.random.Generator, paths: Paths, lives: DealLifecycles, count: int) -> list[pd.DataFrame]:
    met = (unpack(paths.before)[0] == 2) & (unpack(paths.after)[0] == 3) & (rng.random(len(paths.before)) < 0.8)
    buyers = paths.moved_deal[met]
    parts = [_people(buyers, 1, rng.integers(1, 3, len(buyers)), working_moment(rng, paths.moved_day[met]))]
    for person, share in ((3, 0.6), (4, 0.5)):
        deal = np.flatnonzero(rng.random(count) < share)
        moment = lives.moments(rng, deal)
        open_ = lives.is_open(deal, moment)
        parts.append(_people(deal[open_], person, np.ones(open_.sum(), int), moment[open_]))
    return parts


def _people(deal: Array, person: int, engagement: Array, occurred: Array) -> pd.DataFrame:
    return pd.DataFrame({"deal": deal, "person": person, "EngagementLevel": engagement, "occurred": occurred})
