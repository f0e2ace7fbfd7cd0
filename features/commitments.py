"""What the latest offers promise the buyer."""

from dealml import per


@per("deal_id", "offers", unit="share", actionable=True)
def customisation(offer):
    """Share of the scope made for this buyer in the latest offer."""
    return offer.latest(offer.customisation)


@per("deal_id", "offers", unit="share", actionable=True)
def services_share(offer):
    """Services included in the latest offer, as a share of its price."""
    return offer.latest(offer.services.cast("float64") / offer.price.cast("float64").nullif(0))


@per("deal_id", "offers", unit="yes or no", empty=0, actionable=True)
def timeline_promised(offer):
    """Promise of a delivery date in any offer."""
    return offer.timeline_promise.any()


@per("deal_id", "offers", unit="yes or no", empty=0, actionable=True)
def roadmap_promised(offer):
    """Promise of a feature that does not exist yet in any offer."""
    return offer.roadmap_promise.any()
