"""What finance keeps: the costs of each month, and each team's quota of each quarter."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.clock import START, Array, Times, days
from dealml.simulate.company import SOURCE, Deals
from dealml.simulate.lives import DealLifecycles
from dealml.simulate.money import TYPICAL_RATE
from dealml.simulate.sales import TEAMS

STREAM = 3
"""Costs and quotas are drawn from a stream of their own, so that the rest of a company stays what it was without them."""

WINNING = 0.8
"""Spent on sales and marketing, as a share of the yearly revenue of the customers won meanwhile, in the long run."""
MARKETING = 0.4
"""Marketing's part of that."""
SERVING = 0.22
"""What serving customers costs, as a share of what they pay."""
STRETCH = 1.15
"""How far quotas lie above what was reached lately."""
FLOOR = 0.8
"""No quota lies lower than this part of what a team wins in a usual quarter."""

_MONTHS = np.arange(np.datetime64("2023-01"), np.datetime64("2026-01"))
_QUARTERS = np.arange(np.datetime64("2023-01"), np.datetime64("2026-02"), np.timedelta64(3, "M"))
_USD_TEAM = "Partners"
"""The team whose costs are booked in US dollars."""


def cost_rows(rng: np.random.Generator, subscriptions: pd.DataFrame, currency: Array) -> pd.DataFrame:
    """One row a booking, at the month's end; some are corrected three weeks later.

    Parameters
    ----------
    subscriptions
        Events with `account`, `Event`, `Arr` and `occurred`.
    currency
        In which each account is billed.
    """
    rate = np.array([TYPICAL_RATE[code] for code in currency[subscriptions["account"]]])
    paid = subscriptions.assign(eur=subscriptions["Arr"].to_numpy(float) * rate).sort_values("occurred", kind="stable")
    begun = paid[(paid["Event"] == "Start") & (paid["occurred"] >= START)]
    winning = max(WINNING * float(begun["eur"].sum()) / len(_MONTHS), 4_000.0)
    ends = (_MONTHS + 1).astype("datetime64[s]")
    growth = np.linspace(0.8, 1.2, len(_MONTHS))
    shares = dict(zip(SOURCE, (0.3, 0.2, 0.1, 0.3, 0.1), strict=True))
    parts = [_booked("sales", growth * winning * (1 - MARKETING) / len(TEAMS), team=team) for team in TEAMS]
    parts += [_booked("marketing", growth * winning * MARKETING * share, source=source) for source, share in shares.items()]
    parts += [_booked("service", SERVING * _running(paid, ends) / 12), _booked("administration", growth * winning * 0.2)]
    rows = pd.concat(parts, ignore_index=True)
    rows["eur"] *= np.exp(rng.normal(0, 0.06, len(rows)))
    return _restated(rng, rows.sort_values(["month", "kind", "team", "source"], kind="stable", ignore_index=True))


def _booked(kind: str, eur: Array, team: str = "", source: str = "") -> pd.DataFrame:
    return pd.DataFrame({"kind": kind, "month": np.arange(len(_MONTHS)), "eur": eur, "team": team, "source": source})


def _running(paid: pd.DataFrame, moments: Times) -> Array:
    """The yearly revenue under contract at each moment."""
    change = paid.groupby("account")["eur"].diff().fillna(paid["eur"]).to_numpy()
    so_far = np.concatenate([[0.0], np.cumsum(change)])
    return so_far[np.searchsorted(paid["occurred"].to_numpy(), moments)]


def _restated(rng: np.random.Generator, rows: pd.DataFrame) -> pd.DataFrame:
    month = _MONTHS[rows["month"]]
    end = (month + 1).astype("datetime64[s]")
    code = np.where(rows["team"] == _USD_TEAM, "USD", "EUR").astype(object)
    value = rows["eur"] / np.array([TYPICAL_RATE[name] for name in code])
    booked = pd.DataFrame(
        {
            "CostNumber": [f"K{number:05d}" for number in range(1, len(rows) + 1)],
            "Kind": rows["kind"], "Value": np.round(value, 2), "CurrencyIso": code, "Team": rows["team"], "LeadSource": rows["source"],
            "from_": month.astype("datetime64[s]"), "to": end,
            "occurred": end - days(np.array(0.3)), "recorded": end - days(np.array(0.3)),
        }
    )  # fmt: skip
    again = booked[rng.random(len(booked)) < 0.1]
    again = again.assign(
        Value=np.round(again["Value"] * rng.uniform(0.9, 1.15, len(again)), 2), recorded=again["to"] + days(np.array(20.4))
    )
    return pd.concat([booked, again], ignore_index=True).sort_values(["recorded", "CostNumber"], kind="stable", ignore_index=True)


def quota_rows(rng: np.random.Generator, deals: Deals, lives: DealLifecycles, team: Array) -> pd.DataFrame:
    """A quota for each team and quarter, set two weeks before it from what the team had won until then."""
    begins = _QUARTERS.astype("datetime64[s]")
    usual = float(deals.amount_eur.sum()) * 0.25 / (len(_QUARTERS) - 1) / len(TEAMS)
    rows = []
    for name in TEAMS:
        team_wins = lives.won & (team == name)
        reached = np.histogram(
            np.searchsorted(begins, lives.end[team_wins], "right") - 1, np.arange(len(begins) + 1), weights=deals.amount_eur[team_wins]
        )[0]
        for index, begin in enumerate(begins):
            # The quarter that still runs counts for nothing: the quota is set before it is over.
            past = reached[max(index - 3, 0) : max(index - 1, 0)]
            aim = max(STRETCH * float(past.mean()) if len(past) else 0.0, FLOOR * usual) * np.exp(rng.normal(0, 0.06))
            rows.append({"Team": name, "Value": max(round(aim, -3), 1_000.0), "from_": begin, "to": _next(begins, index)})
    table = pd.DataFrame(rows)
    quarter = table["from_"].dt.quarter.astype(str)
    table["QuotaNumber"] = table["from_"].dt.year.astype(str) + "-Q" + quarter + " " + table["Team"]
    table["occurred"] = table["from_"] - days(np.array(14.4))
    table["recorded"] = table["occurred"]
    return table.sort_values(["recorded", "Team"], kind="stable", ignore_index=True)


def _next(begins: Times, index: int) -> np.datetime64:
    return begins[index + 1] if index + 1 < len(begins) else np.datetime64("2026-04-01", "s")
