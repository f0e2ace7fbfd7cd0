"""What delivering a won deal costs: plain rules over its offer, its segment and its scenario, so that some large deals lose money."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.clock import Array, days
from dealml.simulate.company import SCENARIOS, Deals
from dealml.simulate.lives import DealLifecycles
from dealml.simulate.money import TYPICAL_RATE

STREAM = 5
"""Costs of deals are drawn from a stream of their own, so that the rest of a company stays what it was without them."""

GOODS = 0.12
"""Goods, as a share of the list price."""
SERVICES = 0.80
"""What services cost, as a share of what they are sold for."""
CUSTOMISATION = {"SMB": 1.0, "Mid-market": 1.3, "Enterprise": 1.6}
"""What work for this buyer alone costs, as a multiple of its share of the list price: more than it is sold for."""
THIRD_PARTY, WITH_AUDITORS = 0.04, 0.14
"""Third parties, as a share of the list price; of a compliance risk, whose solution needs auditors."""
ON_SERVICES = (0.6, 1.0, 1.0)
"""By planted scenario (`company.SCENARIOS`): by how much its services cost more or less, since the company has done them often."""
ON_CUSTOMISATION = (1.0, 1.0, 1.4)
"""By planted scenario: by how much work for one buyer costs more, where a rival's product has to be matched."""
NOISE = 0.25
"""Spread of a cost around its rule, in log units; the rule is its mean."""
USUAL = {"SMB": (0.128, 0.0714), "Mid-market": (0.128, 0.0714), "Enterprise": (0.221, 0.1714)}
"""By segment, the discount and the customisation that an offer is expected to have (`offers._terms`, and those that come back cheaper)."""
USUAL_SERVICES = 0.15
"""Services that an offer is expected to include, as a share of the list price."""
QUOTED = 0.2
"""Share of deals with an offer for which a third party's price is booked when the offer is made."""
KINDS = ("Goods", "Services", "Customisation", "Third party")
_LAST = {"Goods": (5, 20), "Services": (20, 90), "Customisation": (30, 150), "Third party": (10, 60)}
"""Days after the win between which each is booked."""


def scenario_marks(deals: Deals) -> Array:
    """Deals by planted scenarios: whether the conditions of each hold."""
    marks = [np.logical_and.reduce([getattr(deals, name) == value for name, value in conditions.items()]) for conditions, _ in SCENARIOS]
    return np.stack(marks, axis=1)


def latest_terms(deals: Deals, offers: pd.DataFrame, currency: Array) -> pd.DataFrame:
    """The terms of each deal in EUR: `list`, `price`, `customisation` and `services` of its latest offer, or those that offers have."""
    last = offers.sort_values("occurred", kind="stable").drop_duplicates("deal", keep="last").set_index("deal")
    rate = np.array([TYPICAL_RATE[code] for code in currency])
    every = np.arange(len(deals))
    terms = last[["list", "Price", "Customisation", "Services"]].astype(float).reindex(every)
    offered = terms["list"].notna().to_numpy()
    listed = np.where(offered, terms["list"] * rate, deals.amount_eur)
    discount, customised = np.array([USUAL[name] for name in deals.segment]).T
    return pd.DataFrame(
        {
            "list": listed,
            "price": np.where(offered, terms["Price"] * rate, listed * (1 - discount)),
            "customisation": np.where(offered, terms["Customisation"], customised),
            "services": np.where(offered, terms["Services"] * rate, listed * USUAL_SERVICES),
        }
    )


def expected_costs(deals: Deals, terms: pd.DataFrame) -> pd.DataFrame:
    """What each deal is expected to cost, in EUR: a column for each of `KINDS`."""
    marks = scenario_marks(deals)
    on_services, on_customisation = (np.where(marks, factors, 1.0).prod(axis=1) for factors in (ON_SERVICES, ON_CUSTOMISATION))
    per_share = np.array([CUSTOMISATION[name] for name in deals.segment])
    listed = terms["list"].to_numpy()
    return pd.DataFrame(
        {
            "Goods": GOODS * listed,
            "Services": SERVICES * on_services * terms["services"].to_numpy(),
            "Customisation": per_share * on_customisation * terms["customisation"].to_numpy() * listed,
            "Third party": np.where(deals.problem == "Compliance risk", WITH_AUDITORS, THIRD_PARTY) * listed,
        }
    )


def cost_rows(
    rng: np.random.Generator, deals: Deals, lives: DealLifecycles, offers: pd.DataFrame, account: Array, currency: Array
) -> pd.DataFrame:
    """One row a booking: those of won deals in the months after the win, and quotes of third parties at the first offer.

    Parameters
    ----------
    offers
        Rows with `deal`, `list`, `Price`, `Customisation`, `Services` and `occurred`.
    account, currency
        Of each deal: its account, and the currency that it is billed in.
    """
    costs = expected_costs(deals, latest_terms(deals, offers, currency))
    won = np.flatnonzero(lives.won)
    parts = [_booked(rng, kind, costs, won, lives.end[won], _LAST[kind]) for kind in KINDS]
    first = offers.sort_values("occurred", kind="stable").drop_duplicates("deal").sort_values("deal")
    quoted = first[(rng.random(len(first)) < QUOTED) & ~lives.won[first["deal"]]]
    parts.append(_booked(rng, "Third party", costs, quoted["deal"].to_numpy(int), quoted["occurred"].to_numpy(), (0, 3)))
    rows = pd.concat(parts, ignore_index=True)
    rate = np.array([TYPICAL_RATE[code] for code in currency])[rows["deal"]]
    rows = rows.assign(Value=np.round(rows["eur"] / rate, 2), CurrencyIso=currency[rows["deal"]], account=account[rows["deal"]])
    rows = rows[rows["Value"] > 0].sort_values(["occurred", "deal", "Kind"], kind="stable", ignore_index=True)
    return rows.assign(
        CostNumber=[f"X{number:06d}" for number in range(1, len(rows) + 1)],
        OpportunityNumber=[f"D{number + 1:06d}" for number in rows["deal"]],
        recorded=rows["occurred"],
    )


def _booked(rng: np.random.Generator, kind: str, costs: pd.DataFrame, deal: Array, since: Array, within: tuple[int, int]) -> pd.DataFrame:
    eur = costs[kind].to_numpy()[deal] * np.exp(NOISE * rng.standard_normal(len(deal)) - NOISE**2 / 2)
    return pd.DataFrame({"deal": deal, "Kind": kind, "eur": eur, "occurred": since + days(rng.uniform(*within, len(deal)))})
