"""What a data provider says of companies, what a deal is worth beyond its money, and what buyers say when they are interviewed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.clock import END, START, Array, days
from dealml.simulate.company import Deals
from dealml.simulate.lives import DealLifecycles

STREAM = 8
"""Profiles, strategic values and interviews are drawn from a stream of their own, so that the rest stays what it was without them."""

CITIES = {
    "PL": ("Warsaw", "Krakow"), "HR": ("Zagreb", "Split"), "IL": ("Tel Aviv", "Haifa"), "DE": ("Berlin", "Munich"),
    "GB": ("London", "Leeds"), "IE": ("Dublin", "Cork"), "US": ("Boston", "Denver"), "NL": ("Utrecht", "Delft"),
}  # fmt: skip
INVESTORS = ("", "Northlight Capital", "Baltic Growth Partners", "Founders' families", "Harbour Private Equity")
BACKED = (0.45, 0.15, 0.15, 0.15, 0.10)
VALUE_PER_HEAD = 140_000.0
"""Valuation per employee, in EUR, of a typical company."""
STRATEGIC = {"SMB": 0.01, "Mid-market": 0.04, "Enterprise": 0.12}
"""Share of a segment's deals whose strategic value is declared."""
INTERVIEWED = 0.25
"""Share of closed deals after which the buyer is interviewed."""

_WON = (
    "{problem} took us weeks; the pilot with our own data settled it.",
    "You understood our problem ({problem}) and did not promise too much.",
    "Our board wanted {problem} gone before the audit, and you had a date.",
)
_LOST = (
    "We could not agree inside on {problem}, so we stayed with what we have.",
    "The other offer was cheaper and did the same for {problem}.",
    "Too much would have been built for us alone, and nobody named a date.",
)


def profile_rows(rng: np.random.Generator, accounts: pd.DataFrame) -> pd.DataFrame:
    """One row for each account and year since it is known: `Headcount`, `Headquarters`, `Valuation`, `Investors`."""
    country, heads = accounts["CountryCode"].to_numpy(), accounts["Headcount"].to_numpy(float)
    city = np.array([CITIES[code][pick] for code, pick in zip(country, rng.integers(0, 2, len(accounts)), strict=True)], dtype=object)
    backer = np.array(INVESTORS, dtype=object)[rng.choice(len(INVESTORS), len(accounts), p=BACKED)]
    growth = rng.normal(0.05, 0.15, len(accounts))
    known = accounts["occurred"].to_numpy("datetime64[s]")
    parts = []
    for year in range(4):
        reported = np.maximum(known, START) + days(np.full(len(accounts), 10.0 + 365 * year))
        now = np.maximum(np.rint(heads * np.exp(growth * year)), 2).astype(int)
        worth = np.round(now * VALUE_PER_HEAD * np.exp(rng.normal(0, 0.4, len(accounts))), -4)
        columns = {"Headcount": now, "Headquarters": city, "Valuation": [f"{value:.2f}" for value in worth], "Investors": backer}
        parts.append(pd.DataFrame({"AccountNumber": accounts["AccountNumber"], **columns, "occurred": reported, "recorded": reported}))
    rows = pd.concat(parts, ignore_index=True)
    return rows[rows["recorded"] < END].sort_values(["recorded", "AccountNumber"], kind="stable", ignore_index=True)


def strategic_rows(rng: np.random.Generator, deals: Deals, lives: DealLifecycles) -> pd.DataFrame:
    """One row for each deal whose strategic value was declared, a week after it was entered."""
    named = np.flatnonzero(rng.random(len(deals)) < np.array([STRATEGIC[name] for name in deals.segment]))
    value = np.round(deals.amount_eur[named] * rng.uniform(0.1, 0.5, len(named)), -2)
    at = lives.entered[named] + days(np.full(len(named), 7.0))
    numbers = [f"D{number + 1:06d}" for number in named]
    rows = pd.DataFrame({"OpportunityNumber": numbers, "Value": [f"{worth:.2f}" for worth in value], "occurred": at, "recorded": at})
    return rows[at < lives.end[named]].sort_values(["recorded", "OpportunityNumber"], kind="stable", ignore_index=True)


def interview_rows(rng: np.random.Generator, deals: Deals, lives: DealLifecycles, account: Array) -> pd.DataFrame:
    """One row for each interview of a buyer three weeks or more after the deal closed: a `Score` from 1 to 5 and a `Text`."""
    closed = np.flatnonzero(lives.end < END)
    interviewed = closed[rng.random(len(closed)) < INTERVIEWED]
    won, pick = lives.won[interviewed], rng.integers(0, len(_WON), len(interviewed))
    texts = [
        (_WON if is_won else _LOST)[choice].format(problem=problem.lower())
        for is_won, choice, problem in zip(won, pick, deals.problem[interviewed], strict=True)
    ]
    texts = [text[0].upper() + text[1:] for text in texts]
    at = lives.end[interviewed] + days(rng.uniform(21, 45, len(interviewed)))
    score = np.clip(np.rint(rng.normal(np.where(won, 4.2, 2.8), 0.8)), 1, 5).astype(int)
    rows = pd.DataFrame({"account": account[interviewed], "Score": score, "Text": texts, "occurred": at, "recorded": at})
    return rows.sort_values(["recorded", "account"], kind="stable", ignore_index=True)
