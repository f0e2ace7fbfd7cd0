"""Offers: price, discount and customisation asked for and promised. They cost margin and do not buy wins."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.clock import END, Array, Times, days, seconds, working_moment
from dealml.simulate.company import Deals
from dealml.simulate.lives import DealLifecycles
from dealml.simulate.money import from_eur, written
from dealml.simulate.paths import Paths
from dealml.simulate.process import unpack


def offer_rows(rng: np.random.Generator, deals: Deals, paths: Paths, lives: DealLifecycles, currency: Array) -> pd.DataFrame:
    """One row per event of an offer; some offers come back once and go out again cheaper."""
    deal, made = _first_offers(rng, paths, lives)
    terms = _terms(rng, deals, deal, currency)
    sent = made + days(rng.integers(0, 4, len(deal)) + 0.03)
    returned = sent + days(rng.integers(2, 13, len(deal)) + 0.02)
    back = rng.random(len(deal)) < 0.3
    again = returned + days(rng.integers(1, 5, len(deal)) + 0.01)
    cheaper = terms.assign(Discount=np.round(np.minimum(terms["Discount"] + rng.uniform(0.02, 0.12, len(deal)), 0.6), 3))
    parts = [_event(terms, "Created", made), _event(terms, "Sent", sent)]
    parts += [_event(terms[back], "Returned", returned[back]), _event(cheaper[back], "Sent", again[back])]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[lives.is_open(rows["deal"].to_numpy(), rows["occurred"].to_numpy())]
    rows = pd.concat([rows, _endings(rng, rows, lives)], ignore_index=True)
    rows["Price"] = written(np.round(rows["list"].to_numpy() * (1 - rows["Discount"].to_numpy()), 2))
    rows["Services"] = written(rows["Services"].to_numpy())
    rows["recorded"] = lives.recorded(rng, rows["deal"].to_numpy(), rows["occurred"].to_numpy())
    return rows


def _first_offers(rng: np.random.Generator, paths: Paths, lives: DealLifecycles) -> tuple[Array, Times]:
    """Made when the stakeholders are known; deals won sooner get theirs on the last day."""
    reached = (unpack(paths.before)[0] < 3) & (unpack(paths.after)[0] == 3)
    deal, made = paths.moved_deal[reached], working_moment(rng, paths.moved_day[reached])
    hasty = np.setdiff1d(np.flatnonzero(lives.won), deal)
    last = np.maximum(lives.end[hasty] - seconds(rng.integers(3_600, 20_000, len(hasty))), lives.created[hasty])
    return np.concatenate([deal, hasty]), np.concatenate([made, last])


def _terms(rng: np.random.Generator, deals: Deals, deal: Array, currency: Array) -> pd.DataFrame:
    large = deals.segment[deal] == "Enterprise"
    bespoke = np.where(rng.random(len(deal)) < np.where(large, 0.6, 0.25), rng.beta(2, 5, len(deal)), 0.0)
    listed = from_eur(deals.amount_eur[deal], currency[deal])
    return pd.DataFrame(
        {
            "deal": deal,
            "list": listed,
            "Discount": np.round(rng.beta(np.where(large, 2.5, 1.2), 10.0), 3),
            "Customisation": np.round(bespoke, 3),
            "Services": np.round(listed * rng.uniform(0, 0.3, len(deal)), -1),
            "DatePromised": np.where(rng.random(len(deal)) < 0.25, "true", "false"),
            "RoadmapPromised": np.where(rng.random(len(deal)) < 0.08 + 0.1 * large, "true", "false"),
        }
    )


def _event(terms: pd.DataFrame, event: str, occurred: Times) -> pd.DataFrame:
    return terms.assign(Event=event, occurred=occurred)


def _endings(rng: np.random.Generator, rows: pd.DataFrame, lives: DealLifecycles) -> pd.DataFrame:
    """Accepted as the deal is won, refused or withdrawn as it is lost: at the moment of closing."""
    last = rows.sort_values("occurred", kind="stable").drop_duplicates("deal", keep="last")
    last = last[lives.end[last["deal"]] < END].sort_values("deal")
    deal = last["deal"].to_numpy()
    lost = np.where(rng.random(len(deal)) < 0.6, "Refused", "Cancelled")
    return last.assign(Event=np.where(lives.won[deal], "Accepted", lost), occurred=lives.end[deal])
