"""What the deal is worth and what was offered.

How an offer ended is left out: offers are accepted, refused and cancelled as the deal itself closes.
"""

from dealml import family, formula, happened, per

UNDER_WAY = ["created", "selected", "sent", "returned"]


@per("deal_id", "deal_changes", unit="deal's currency")
def amount(change):
    """Amount of the deal."""
    return change.latest(change.amount, where=change.field == "amount")


@per("deal_id", "deal_changes")
def currency(change):
    """Currency of the deal."""
    return change.latest(change.text, where=change.field == "currency")


@per("currency", "rates", served=False)
def exchange_rate(rate):
    """Exchange rate of the deal's currency."""
    return rate.latest(rate.rate)


@formula(unit="project's currency")
def amount_base(amount, exchange_rate):
    """Amount of the deal in the company's own currency."""
    return amount * exchange_rate


@per("deal_id", "amount_changes", unit="changes", empty=0)
def amount_changes(change):
    """Times that the amount was changed; that it was cleared, and given again, counts too."""
    return change.count(where=change.previous.notnull())


@per("deal_id", "amount_changes", unit="times", empty=0, expect="-")
def amount_cuts(change):
    """Times that the amount was cut."""
    return change.count(where=change.amount < change.previous)


@per("deal_id", "amount_changes", unit="share")
def amount_growth(change):
    """Growth of the amount since it was first set (0.1 is a tenth more)."""
    first = change.first(change.amount).cast("float64")
    return change.latest(change.amount).cast("float64") / first.nullif(0) - 1


@per("deal_id", "offers", unit="share", actionable=True)
def discount(offer):
    """Discount in the latest offer, as a share of the list price."""
    return offer.latest(offer.discount)


@per("deal_id", "offers", unit="share", actionable=True)
def largest_discount(offer):
    """Largest discount offered so far, as a share of the list price."""
    return offer.discount.max()


@per("deal_id", "offers", unit="offers", empty=0, expect="+", actionable=True)
def offers_created(offer):
    """Offers drawn up so far."""
    return offer.count(where=offer.event == "created")


@per("deal_id", "offers", unit="offers", empty=0, expect="+", actionable=True)
def offers_sent(offer):
    """Offers sent to the buyer so far."""
    return offer.count(where=offer.event == "sent")


@per("deal_id", "offers", unit="offers", empty=0)
def offers_returned(offer):
    """Offers that came back from the buyer so far."""
    return offer.count(where=offer.event == "returned")


@per("deal_id", "offers", unit="days", expect="-", actionable=True)
def days_since_offer(offer):
    """Days since anything happened to an offer."""
    return offer.days_ago.min(where=offer.event.isin(UNDER_WAY) & happened(offer))


@per("deal_id", "offers")
def latest_offer_event(offer):
    """Last thing that happened to an offer."""
    return offer.latest(offer.event, where=offer.event.isin(UNDER_WAY))


@family("deal_id", "offers", of="event", most=20, unit="offers")
def offer_event(offer):
    """Offers “{value}”."""
    return happened(offer) & offer.event.isin(["created", "sent", "returned"])
