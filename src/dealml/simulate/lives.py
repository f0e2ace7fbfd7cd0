"""When each deal was created, entered, closed and reopened: the clocks that its records hang on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dealml.simulate.clock import END, Array, Times, days, delay, office_hours, same_day_delay, seconds, working_moment
from dealml.simulate.company import Deals
from dealml.simulate.paths import Paths

_NEVER = np.datetime64("NaT", "s")


@dataclass(frozen=True)
class DealLifecycles:
    """Per deal: `created` and `entered` (recorded), `end` (last close, or the extract), `won`, the pause.

    The pause runs from the first loss to the reopening; without one both are NaT.
    `closings` has a row per close and reopening: deal, status, occurred, recorded.
    """

    created: Times
    entered: Times
    end: Times
    won: Array
    pause_from: Times
    pause_to: Times
    closings: pd.DataFrame

    def is_open(self, deal: Array, moment: Times) -> Array:
        """Whether each deal was open at its moment."""
        paused = (self.pause_from[deal] <= moment) & (moment < self.pause_to[deal])
        return np.asarray((self.created[deal] <= moment) & (moment < self.end[deal]) & ~paused)

    def moments(self, rng: np.random.Generator, deal: Array) -> Times:
        """An office hour of each deal's life, give or take a day: callers drop what `is_open` refuses."""
        span = (self.end[deal] - self.created[deal]).astype("int64")
        return office_hours(rng, self.created[deal] + seconds(rng.random(len(deal)) * span))

    def recorded(self, rng: np.random.Generator, deal: Array, occurred: Times, late: float = 0.06) -> Times:
        """When each fact was recorded: some time after it occurred, and not before its deal was entered."""
        return np.asarray(np.maximum(occurred + delay(rng, len(deal), late), self.entered[deal]))


def lives(rng: np.random.Generator, deals: Deals, paths: Paths) -> DealLifecycles:
    """Put the days of the chain on the clock."""
    count = len(deals)
    created = working_moment(rng, deals.created_day)
    slow = np.where(rng.random(count) < 0.06, rng.uniform(1, 3, count), 0.0)
    entered = np.minimum(created + same_day_delay(rng, count) + days(slow), END - days(np.array(0.01)))
    closings = _closings(rng, paths, entered)

    end, won = np.full(count, END), np.zeros(count, bool)
    last = closings[closings["status"] != "Reopened"].drop_duplicates("deal", keep="last")
    final = ~_reopened_after(closings, last)
    deal = last["deal"].to_numpy()[final]
    end[deal] = last["occurred"].to_numpy()[final]
    won[deal] = (last["status"] == "Won").to_numpy()[final]
    pause_from, pause_to = np.full(count, _NEVER), np.full(count, _NEVER)
    back = closings[closings["status"] == "Reopened"].drop_duplicates("deal", keep="last")
    lost = closings[closings["status"] == "Lost"].drop_duplicates("deal")
    pause_to[back["deal"]] = back["occurred"]
    lost = lost[lost["deal"].isin(back["deal"])]
    pause_from[lost["deal"]] = lost["occurred"]
    return DealLifecycles(created, entered, end, won, pause_from, pause_to, closings)


def _closings(rng: np.random.Generator, paths: Paths, entered: Times) -> pd.DataFrame:
    deal = np.concatenate([paths.ended_deal, paths.reopened_deal])
    day = np.concatenate([paths.ended_day, paths.reopened_day])
    status = np.concatenate([np.where(paths.won, "Won", "Lost"), np.full(len(paths.reopened_deal), "Reopened")])
    occurred = working_moment(rng, day)
    # Before midnight, so that the label's clock and the chain agree on every Monday.
    recorded = np.maximum(occurred + same_day_delay(rng, len(deal)), entered[deal])
    rows = {"deal": deal, "status": status.astype(object), "occurred": occurred, "recorded": recorded}
    return pd.DataFrame(rows).sort_values(["occurred", "deal"], ignore_index=True)


def _reopened_after(closings: pd.DataFrame, last: pd.DataFrame) -> Array:
    back = closings[closings["status"] == "Reopened"].groupby("deal")["occurred"].max()
    latest = back.reindex(last["deal"]).to_numpy("datetime64[s]")
    return np.asarray(latest > last["occurred"].to_numpy())
