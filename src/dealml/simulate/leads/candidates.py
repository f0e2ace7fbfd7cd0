"""Which leads there were: for each new deal the lead that became it, and those of the same kind that became nothing.

Leads of a deal's kind (its source, size and industry) are drawn one after the other until one is converted. That one became the deal; those
before it are the leads that did not. So deals stay what they are, and among the leads of a kind as many are converted as the chain says.
A deal that is created after the extract draws its leads too: some of them are open when the extract is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dealml.simulate.clock import WORKDAYS, Array, Times
from dealml.simulate.leads.chain import LeadChain
from dealml.simulate.leads.people import people
from dealml.simulate.leads.walk import Walks, walk_leads

AHEAD = 130
"""Working days after the extract whose deals have leads."""
AT_A_TIME = 4
"""Leads drawn at once for each deal; twice as many for those that none of them became."""
APART = 20
"""Most working days between the creation of the lead that became a deal and of those of its kind that did not."""


@dataclass(frozen=True)
class Leads:
    """The leads that there were; `who` has `wanted` (the row of the deal it was drawn for), the person's columns and `created_day`."""

    who: pd.DataFrame
    walks: Walks

    def taken(self, order: Array, created: Times) -> Leads:
        """The leads in another order, with the moment at which each was `created`."""
        place = np.empty(len(order), dtype=int)
        place[order] = np.arange(len(order))
        who = self.who.assign(created=created).iloc[order].reset_index(drop=True)
        events, seen = (part.assign(lead=place[part["lead"]]) for part in (self.walks.events, self.walks.seen))
        return Leads(who, Walks(self.walks.level[order], self.walks.converted[order], events, seen))


def deals_ahead(rng: np.random.Generator, deals: pd.DataFrame) -> pd.DataFrame:
    """The new deals, followed by those of the half year after the extract: of the same kinds, at the same pace; `deal` is -1 there.

    Where no deal is new, the kinds are those of all.
    """
    wanted = deals[deals["is_new"]]
    kinds = wanted if len(wanted) else deals
    count = int(rng.poisson(len(wanted) * AHEAD / WORKDAYS)) + 1
    later = kinds.iloc[rng.integers(0, len(kinds), count)]
    later = later.assign(created_day=rng.integers(WORKDAYS, WORKDAYS + AHEAD, count), deal=-1)
    return pd.concat([wanted, later], ignore_index=True)


def leads_of(rng: np.random.Generator, wanted: pd.DataFrame, chain: LeadChain) -> Leads:
    """The leads of deals: `created_day`, `LeadSource`, `SizeClass` and `Industry` of each."""
    rounds = list(_rounds(rng, wanted, chain))
    who = pd.concat([part.who for part in rounds], ignore_index=True)
    walks = _joined(rounds)
    became = walks.converted >= 0
    created = np.zeros(len(wanted), dtype=int)
    created[who["wanted"][became]] = wanted["created_day"].to_numpy()[who["wanted"][became]] - walks.converted[became]
    near = rng.integers(-APART, APART + 1, len(who))
    return Leads(who.assign(created_day=created[who["wanted"]] + np.where(became, 0, near)), walks)


def _rounds(rng: np.random.Generator, wanted: pd.DataFrame, chain: LeadChain) -> Iterator[Leads]:
    """Draw until a lead of each deal is converted; those drawn after it are dropped."""
    waiting, each = np.arange(len(wanted)), AT_A_TIME
    while len(waiting):
        number = np.repeat(waiting, each)
        columns = wanted[["LeadSource", "SizeClass", "Industry"]].iloc[number].reset_index(drop=True)
        who = people(rng, columns).assign(wanted=number)
        walks = walk_leads(rng, who["index"].to_numpy(), who["LeadSource"].to_numpy(), chain)
        won = (walks.converted >= 0).reshape(-1, each)
        first = np.where(won.any(axis=1), won.argmax(axis=1), each)
        yield subset(who, walks, (np.arange(each) <= first[:, None]).ravel())
        waiting, each = waiting[~won.any(axis=1)], each * 2


def subset(who: pd.DataFrame, walks: Walks, keep: Array) -> Leads:
    """The leads that a flag keeps, counted anew."""
    place = np.cumsum(keep) - 1
    parts = [part[keep[part["lead"]]] for part in (walks.events, walks.seen)]
    events, seen = (part.assign(lead=place[part["lead"]]).reset_index(drop=True) for part in parts)
    return Leads(who[keep].reset_index(drop=True), Walks(walks.level[keep], walks.converted[keep], events, seen))


def _joined(rounds: list[Leads]) -> Walks:
    start = np.cumsum([0, *(len(part.who) for part in rounds)])
    tables = [
        pd.concat(
            [getattr(part.walks, name).assign(lead=lambda t, s=first: t["lead"] + s) for part, first in zip(rounds, start, strict=False)]
        )
        for name in ("events", "seen")
    ]
    level, converted = (np.concatenate([getattr(part.walks, name) for part in rounds]) for name in ("level", "converted"))
    return Walks(level, converted, *(table.reset_index(drop=True) for table in tables))
