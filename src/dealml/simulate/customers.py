"""Subscriptions: who renews, grows, shrinks or leaves, driven by how the customer fares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dealml.simulate.accounts import Accounts
from dealml.simulate.clock import WEEKS, Array, Times, days, week_start
from dealml.simulate.health import Health
from dealml.simulate.money import from_eur

TERM = 52
"""Weeks from renewal to renewal."""

_SEATS = {"SMB": 14.0, "Mid-market": 60.0, "Enterprise": 260.0}
_SEAT_PRICE = {"SMB": 310.0, "Mid-market": 270.0, "Enterprise": 220.0}
_PLANS = ("Starter", "Team", "Company")


@dataclass(frozen=True)
class Customers:
    """Subscription `events`, and per account the weeks `since` and `until` (WEEKS when it stays)."""

    events: pd.DataFrame
    since: Array
    until: Array

    @property
    def from_(self) -> Times:
        """When each account became a customer."""
        return week_start(self.since)

    @property
    def to(self) -> Times:
        """When each account stopped being one."""
        return week_start(self.until)


def first_seats(rng: np.random.Generator, accounts: Accounts) -> Array:
    """Seats that each account would buy first."""
    typical = accounts.table["SizeClass"].map(_SEATS).to_numpy(float)
    return np.maximum(2, np.rint(typical * np.exp(0.55 * rng.standard_normal(len(typical)))))


def subscribe(rng: np.random.Generator, accounts: Accounts, seats: Array, fare: Health) -> Customers:
    """Follow each customer week by week: mostly it is at renewals that they leave."""
    since = np.where(accounts.customer_from == -9999, WEEKS, accounts.customer_from)
    until = np.full(len(since), WEEKS)
    rows = [_row(np.flatnonzero(since < WEEKS), since[since < WEEKS], "Start", seats)]
    for back in range(-TERM * 2, 0):
        due = np.flatnonzero((since < back) & ((back - since) % TERM == 0))
        rows.append(_row(due, np.full(len(due), back), "Renewal", seats))
    seats_now = seats.copy()
    for week in range(WEEKS):
        live = np.flatnonzero((since < week) & (until == WEEKS))
        due = (week - since[live]) % TERM == 0
        leaves = rng.random(len(live)) < _leaving(fare, seats_now, live, week, due)
        until[live[leaves]] = week
        rows.append(_row(live[leaves], np.full(leaves.sum(), week), "Cancellation", np.zeros_like(seats_now)))
        rows.append(_renewals(rng, live[due & ~leaves], week, fare, seats_now))
    events = pd.concat(rows, ignore_index=True)
    events["occurred"] = week_start(events["week"].to_numpy()) + days(rng.uniform(0.3, 0.7, len(events)))
    return Customers(events, since, until)


def _leaving(fare: Health, seats: Array, live: Array, week: int, due: Array) -> Array:
    unrest = (
        4.0 * np.clip(fare.decline[live, week], -0.3, 1.2)
        + 0.45 * (7.5 - fare.nps[live, week])
        + 1.1 * np.minimum(fare.urgent[live, week], 2)
        - 0.8 * np.log10(seats[live] / 30)
    )
    at_renewal = 1 / (1 + np.exp(2.35 - unrest))
    return np.asarray(np.where(due, at_renewal, 0.0003 * np.exp(np.minimum(unrest, 3.0))))


def _renewals(rng: np.random.Generator, due: Array, week: int, fare: Health, seats: Array) -> pd.DataFrame:
    """Renew, and let those who use more buy more: `held` seats change in place."""
    liking = -fare.decline[due, week] + 0.1 * (fare.nps[due, week] - 7.5) + rng.normal(0, 0.35, len(due))
    factor = np.where(liking > 0.35, rng.uniform(1.1, 1.5, len(due)), 1.0)
    factor = np.where(liking < -0.45, rng.uniform(0.6, 0.9, len(due)), factor)
    before = seats[due]
    seats[due] = np.maximum(2, np.rint(before * factor))
    event = np.where(seats[due] > before, "Expansion", np.where(seats[due] < before, "Contraction", "Renewal"))
    rows = _row(due, np.full(len(due), week), "Renewal", seats)
    return rows.assign(Event=event.astype(object))


def _row(account: Array, week: Array, event: str, seats: Array) -> pd.DataFrame:
    return pd.DataFrame({"account": account, "week": week, "Event": event, "Seats": seats[account].astype(int)})


def _priced(accounts: Accounts, since: Array, events: pd.DataFrame) -> pd.DataFrame:
    account = events["account"].to_numpy()
    size = accounts.table["SizeClass"].to_numpy()[account]
    eur = np.array([_SEAT_PRICE[name] for name in size]) * events["Seats"].to_numpy()
    terms = (events["week"].to_numpy() - since[account]) // TERM + 1
    plan = np.digitize(events["Seats"].to_numpy(), [20, 120])
    return events.assign(
        Arr=from_eur(eur, accounts.table["BillingCurrency"].to_numpy()[account]),
        Plan=np.array(_PLANS, dtype=object)[plan],
        TermEnd=week_start(since[account] + terms * TERM),
    )


def with_won_deals(rng: np.random.Generator, accounts: Accounts, customers: Customers, account: Array, won_at: Times) -> pd.DataFrame:
    """All subscription events, with the seats of deals won from accounts that were customers by then."""
    live = (customers.from_[account] + days(np.array(1)) < won_at) & (won_at < customers.to[account])
    account, won_at = account[live], won_at[live]
    week = ((won_at - week_start(np.array(0))) // days(np.array(7))).astype(int)
    won = pd.DataFrame({"account": account, "week": week, "Event": "Expansion", "occurred": won_at})
    events = pd.concat([customers.events, won], ignore_index=True).sort_values(["account", "occurred"], kind="stable")
    seats = events.groupby("account")["Seats"].ffill()
    bought = np.where(events["Seats"].isna(), np.ceil(seats * rng.uniform(0.1, 0.4, len(events))), 0)
    added = pd.Series(bought, events.index).groupby(events["account"]).cumsum()
    # Seats are those after the event: none after a cancellation.
    events["Seats"] = np.where(events["Event"] == "Cancellation", 0, seats + added).astype(int)
    return _priced(accounts, customers.since, events)
