"""Approvals of offers, and what was promised to the buyer and delivered: late where much was made for one buyer."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.clock import Array, days
from dealml.simulate.lives import DealLifecycles

STREAM = 7
"""Approvals and deliveries are drawn from a stream of their own, so that the rest of a company stays what it was without them."""

LARGE_DISCOUNT, MUCH_CUSTOMISATION = 0.2, 0.2
"""From which share on a discount needs the approval of finance, and customisation that of the product team."""
REQUESTED = 0.8
"""Share of offers that need an approval for which it is requested."""
REFUSED = 0.15
"""Share of requests that are refused."""


def approval_rows(rng: np.random.Generator, offers: pd.DataFrame, lives: DealLifecycles) -> pd.DataFrame:
    """One row for each request and each answer, of offers that give more than may be given without asking.

    Parameters
    ----------
    offers
        Rows with `deal`, `OfferNumber`, `OpportunityNumber`, `Event`, `Discount`, `Customisation`, `DatePromised`, `RoadmapPromised`
        and `occurred`.
    """
    made = offers[offers["Event"] == "Created"].sort_values(["occurred", "deal"], kind="stable")
    discount, customisation = (made[name].to_numpy(float) for name in ("Discount", "Customisation"))
    needs = (
        ("price", "finance", discount > LARGE_DISCOUNT),
        ("customisation", "product", customisation > MUCH_CUSTOMISATION),
        ("timeline", "delivery", (made["DatePromised"] == "true").to_numpy()),
        ("roadmap", "product", (made["RoadmapPromised"] == "true").to_numpy()),
    )
    parts = []
    for subject, role, needed in needs:
        requested = made[needed & (rng.random(len(made)) < REQUESTED)][["deal", "OfferNumber", "OpportunityNumber", "occurred"]]
        answer = np.where(rng.random(len(requested)) < REFUSED, "refused", "granted")
        request = requested.assign(Subject=subject, Role=role, Event="requested")
        parts += [request, request.assign(Event=answer, occurred=request["occurred"] + days(rng.uniform(0.1, 4, len(request))))]
    rows = pd.concat(parts, ignore_index=True)
    rows["recorded"] = np.maximum(rows["occurred"].to_numpy("datetime64[s]"), lives.entered[rows["deal"]])
    return rows.sort_values(["recorded", "deal", "Subject", "Event"], kind="stable", ignore_index=True)


def delivery_rows(rng: np.random.Generator, offers: pd.DataFrame, lives: DealLifecycles) -> pd.DataFrame:
    """One row for each promise of a won deal, made at the win, and for each delivery; parameters as for `approval_rows`."""
    accepted = offers[(offers["Event"] == "Accepted") & lives.won[offers["deal"]]].sort_values("deal")
    customisation = accepted["Customisation"].to_numpy(float)
    promised = (
        ("implementation", np.ones(len(accepted), bool), (30, 90)),
        ("customisation", customisation > 0, (60, 150)),
        ("roadmap", (accepted["RoadmapPromised"] == "true").to_numpy(), (120, 300)),
    )
    parts = [_promised_and_done(rng, accepted[is_so], delivery, within, customisation[is_so]) for delivery, is_so, within in promised]
    rows = pd.concat(parts, ignore_index=True)
    rows["recorded"] = rows["occurred"]
    return rows.sort_values(["recorded", "deal", "Delivery", "Event"], kind="stable", ignore_index=True)


def _promised_and_done(
    rng: np.random.Generator, accepted: pd.DataFrame, delivery: str, within: tuple[int, int], customisation: Array
) -> pd.DataFrame:
    span = rng.uniform(*within, len(accepted))
    promise = accepted[["deal", "OpportunityNumber", "occurred"]].assign(Delivery=delivery, Event="promised")
    promise["due"] = promise["occurred"] + days(span)
    late = np.exp(rng.normal(0.0, 0.2, len(accepted)) + 1.2 * customisation)
    done = promise.assign(Event="delivered", occurred=promise["occurred"] + days(span * late), due=np.datetime64("NaT", "s"))
    return pd.concat([promise, done], ignore_index=True)
