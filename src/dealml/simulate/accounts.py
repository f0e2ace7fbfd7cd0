"""The companies on the other side: who is behind each deal, and who became a customer when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dealml.simulate.clock import END, START, WEEKS, Array, Times, days, week_start
from dealml.simulate.company import INDUSTRY, SEGMENT, Deals
from dealml.simulate.lives import DealLifecycles
from dealml.simulate.money import currency_of
from dealml.simulate.names import company_names

_COUNTRY = {"PL": 0.15, "HR": 0.14, "IL": 0.09, "DE": 0.20, "GB": 0.14, "IE": 0.10, "US": 0.10, "NL": 0.08}
_HEADCOUNT = {"SMB": 60.0, "Mid-market": 450.0, "Enterprise": 4_000.0}
_TOGETHER = days(np.array(75))
"""Deals of one prospect are created within this time of its first."""


@dataclass(frozen=True)
class Accounts:
    """One row an account in `table`; `customer_from` is the week its subscription started, or -9999.

    `prospect_of` gives the account of each new deal, -1 for expansions.
    """

    table: pd.DataFrame
    customer_from: Array
    prospect_of: Array


def accounts(rng: np.random.Generator, deals: Deals, lives: DealLifecycles, customers: int) -> Accounts:
    """Group new deals into prospects; the first win makes a customer, older customers fill up to `customers`."""
    prospect_of, count = _prospects(rng, deals, lives)
    won = np.flatnonzero(lives.won & (prospect_of >= 0))
    won_at = np.full(count, np.datetime64("NaT", "s"))
    for deal in won[np.argsort(lives.end[won], kind="stable")][::-1]:
        won_at[prospect_of[deal]] = lives.end[deal]
    # From the start of the week after the win; no week before the extract, no subscription yet.
    bought = ~np.isnat(won_at)
    weeks = np.full(count, -9999)
    weeks[bought] = (won_at[bought] - START) // days(np.array(7)) + 1
    older = max(customers - int((bought & (weeks < WEEKS)).sum()), customers // 4)

    new = np.flatnonzero(prospect_of >= 0)
    first_deal = new[np.unique(prospect_of[new], return_index=True)[1]]
    older_since = rng.integers(-156, 0, older)
    rows = [_prospect_rows(rng, deals, lives, first_deal), _older_rows(rng, older_since)]
    table = pd.concat(rows, ignore_index=True)
    since = np.concatenate([weeks, older_since])
    table["recorded"] = table["occurred"]
    return Accounts(_described(rng, table), since, prospect_of)


def _prospects(rng: np.random.Generator, deals: Deals, lives: DealLifecycles) -> tuple[Array, int]:
    """Number of each new deal's prospect: neighbours in time of one segment and industry share one."""
    prospect, count = np.full(len(deals), -1), 0
    for segment in SEGMENT:
        for industry in INDUSTRY:
            member = (deals.segment == segment) & (deals.industry == industry) & (deals.deal_type == "New")
            room, first, bought = 0, START, END
            for deal in np.flatnonzero(member)[np.argsort(lives.created[member], kind="stable")]:
                created = lives.created[deal]
                if room == 0 or created - first > _TOGETHER or created >= bought:
                    room, first, bought, count = int(rng.choice([1, 2, 3], p=[0.6, 0.3, 0.1])), created, END, count + 1
                prospect[deal], room = count - 1, room - 1
                bought = min(bought, lives.end[deal]) if lives.won[deal] else bought
    return prospect, count


def _prospect_rows(rng: np.random.Generator, deals: Deals, lives: DealLifecycles, deal: Array) -> pd.DataFrame:
    before = days(rng.exponential(10, len(deal)))
    return pd.DataFrame({"Industry": deals.industry[deal], "SizeClass": deals.segment[deal], "occurred": lives.created[deal] - before})


def _older_rows(rng: np.random.Generator, since: Array) -> pd.DataFrame:
    columns, count = {}, len(since)
    for name, values in (("Industry", INDUSTRY), ("SizeClass", SEGMENT)):
        columns[name] = np.array(list(values), dtype=object)[rng.choice(len(values), count, p=[share for share, _ in values.values()])]
    return pd.DataFrame({**columns, "occurred": week_start(since) - days(rng.uniform(20, 400, count))})


def _described(rng: np.random.Generator, table: pd.DataFrame) -> pd.DataFrame:
    country = np.array(list(_COUNTRY), dtype=object)[rng.choice(len(_COUNTRY), len(table), p=list(_COUNTRY.values()))]
    typical = table["SizeClass"].map(_HEADCOUNT).to_numpy(float)
    return table.assign(
        AccountNumber=[f"A{number:05d}" for number in range(1, len(table) + 1)],
        AccountName=company_names(rng, country),
        CountryCode=country,
        Headcount=np.rint(typical * np.exp(0.6 * rng.standard_normal(len(table)))).astype(int),
        BillingCurrency=currency_of(country),
    )


def deal_accounts(rng: np.random.Generator, deals: Deals, lives: DealLifecycles, accounts: Accounts, from_: Times, to: Times) -> Array:
    """The account behind each deal: its prospect, or for an expansion a live customer of its kind.

    `from_` and `to` bound each account's time as a customer. Where no customer of
    the deal's segment and industry is live, any live one will do.
    """
    owner = accounts.prospect_of.copy()
    segment, industry = accounts.table["SizeClass"].to_numpy(), accounts.table["Industry"].to_numpy()
    for deal in np.flatnonzero(owner < 0):
        live = (from_ <= lives.created[deal]) & (lives.created[deal] < to)
        alike = live & (segment == deals.segment[deal]) & (industry == deals.industry[deal])
        pool = np.flatnonzero(alike if alike.any() else live)
        owner[deal] = pool[rng.integers(len(pool))] if len(pool) else rng.integers(len(segment))
    return owner
