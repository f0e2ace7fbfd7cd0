"""What a deal brings in and what delivering it costs: from its latest offer and its bookings, else from won deals like it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.economics.look_alikes import Floats, ratio
from dealml.economics.settings import EconomicsSettings
from dealml.economics.terms import Term, certain, declared, learned, missing

KEYS = ("segment", "industry")
NO_COSTS = "no settled costs of won deals on record"


def list_price(deals: pd.DataFrame) -> Floats:
    """The price before the discount: of the latest offer, else the amount on record; nan where there is neither."""
    before = deals["price"] / (1 - deals["discount"].fillna(0.0)).replace(0.0, np.nan)
    return np.asarray(before.fillna(deals["amount"]).to_numpy(dtype=np.float64))


def price(deals: pd.DataFrame, won: pd.DataFrame, settings: EconomicsSettings) -> Term:
    """The price after the discount, in the project's currency; `deals` and `won` as of `dealml.economics.cases`."""
    rule = settings.look_alikes
    offered = won.assign(given=(won["list"] - won["revenue"]).where(won["price"].notna()), list=won["list"].where(won["price"].notna()))
    usual = learned(ratio(offered, deals, KEYS, rule, "given", "list"), 0.0, 1.0)
    kept = Term(1 - usual.value, 1 - usual.high, 1 - usual.low, usual.source)
    amount = deals["amount"].to_numpy(dtype=np.float64)
    words = np.array([f"amount less the usual discount ({source})" for source in usual.source], dtype=object)
    less = kept.times(amount).sourced_from(words)
    plain = certain(amount, "amount on record; no offers on record tell of discounts")
    of_others = learned(ratio(won, deals, KEYS, rule, "revenue"), 0.0)
    offer = certain(deals["price"].to_numpy(dtype=np.float64), "latest offer, after its discount")
    unknown = np.where(deals["unrated"], "no exchange rate of its currency", "no offer, no amount, and no won deals on record")
    nothing = certain(np.full(len(deals), np.nan), np.array([f"missing: {what}" for what in unknown], dtype=object))
    # An amount in a currency without a rate is on record: the price of others would only hide it.
    return offer.or_else(less).or_else(plain).or_else(nothing.where(deals["unrated"].to_numpy(), of_others)).or_else(nothing)


def cost(kind: str, deals: pd.DataFrame, won: pd.DataFrame, base: Floats, settings: EconomicsSettings) -> Term:
    """What one kind of cost comes to, in the project's currency.

    Parameters
    ----------
    base
        The list price, or the price where there is none: what shares are taken of.

    Notes
    -----
    Services and customisation go by what the latest offer has of them, where it says; so a deal with much made for one buyer costs more
    than its look-alikes did.
    """
    rule, count = settings.look_alikes, len(deals)
    by_list = learned(ratio(won, deals, KEYS, rule, kind, "list"), 0.0).times(base)
    term = certain(deals[kind].to_numpy(dtype=np.float64), "booked on the deal")
    if kind in _DRIVERS:
        sold, sold_before = _sold(kind, deals, base), _sold(kind, won, won["list"].to_numpy(dtype=np.float64))
        by_sold = learned(ratio(won.assign(sold=np.where(sold_before > 0, sold_before, np.nan)), deals, KEYS, rule, kind, "sold"), 0.0)
        none = certain(np.where(sold == 0, 0.0, np.nan), f"the latest offer has no {kind}")
        term = term.or_else(none).or_else(by_sold.times(np.where(np.isnan(sold), np.nan, sold)))
    share = getattr(settings.declared, kind)
    return term.or_else(by_list).or_else(declared(count, share, kind, f"{kind}: {NO_COSTS}").times(base))


_DRIVERS = {"services": "services_sold", "customisation": "customised"}
"""What an offer says of a kind of cost."""


def _sold(kind: str, deals: pd.DataFrame, base: Floats) -> Floats:
    """The money in an offer that stands for a kind of cost; nan where it does not say."""
    given = deals[_DRIVERS[kind]].to_numpy(dtype=np.float64)
    return np.asarray(given if kind == "services" else given * base)


def strategic_value(deals: pd.DataFrame) -> Term:
    """What a deal is worth beyond its money, as people declared it."""
    value = deals["strategic_value"].to_numpy(dtype=np.float64)
    return certain(value, "declared for the deal").or_else(missing(len(deals), "no strategic value is declared"))
