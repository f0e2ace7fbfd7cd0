"""Approvals and deliveries hang on offers, and much made for one buyer is delivered late."""

from __future__ import annotations

import pandas as pd

from tests.simulate.conftest import Simulated, times


def test_offers_that_give_much_ask_first(small: Simulated) -> None:
    approvals, offers = small.table("Approval"), small.table("Offer")
    first = offers[offers["Event"] == "Created"].drop_duplicates("OfferNumber").set_index("OfferNumber")
    price = approvals[(approvals["Subject"] == "price") & (approvals["Event"] == "requested")]
    assert (first.loc[price["OfferNumber"], "Discount"].astype(float) > 0.2).all()
    requested = approvals.groupby(["OfferNumber", "Subject"])["Event"].agg(set)
    assert all("requested" in events for events in requested)
    assert set(approvals["Role"]) == {"finance", "product", "delivery"}


def test_much_customisation_is_late(full: Simulated) -> None:
    deliveries = full.table("Delivery")
    rows = deliveries[deliveries["Delivery"] == "customisation"]
    due = times(rows.loc[rows["Event"] == "promised"].set_index("OpportunityNumber")["DueOn"])
    done = times(rows.loc[rows["Event"] == "delivered"].set_index("OpportunityNumber")["HappenedOn"])
    late = (done - due.reindex(done.index)) > pd.Timedelta(0)
    offers = full.table("Offer")
    share = offers[offers["Event"] == "Accepted"].set_index("OpportunityNumber")["Customisation"]
    share = pd.to_numeric(share, errors="coerce").reindex(late.index)
    assert late[share > 0.3].mean() > late[share < 0.15].mean()
