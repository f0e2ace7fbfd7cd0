"""The company behind the lead: deals with it, and whether it was a customer."""

from dealml import formula, happened, per


@per("account_id", "account_deals", unit="deals", empty=0, expect="+")
def company_deals(deal):
    """Deals with the lead's company so far."""
    return deal.count()


@per("account_id", "results", unit="deals", empty=0, expect="+")
def company_won_deals(record):
    """Deals that the lead's company gave us so far."""
    return record.won.sum()


@per("account_id", "results", unit="deals", empty=0, served=False)
def company_closed_deals(record):
    """Deals with the lead's company that were closed so far."""
    return record.closed.sum()


@formula(unit="deals", empty=0)
def company_open_deals(company_deals, company_closed_deals):
    """Deals with the lead's company that are open."""
    return (company_deals - company_closed_deals).clip(lower=0)


@per("account_id", "subscriptions", unit="subscriptions", empty=0)
def company_cancellations(event):
    """Subscriptions that the lead's company has cancelled."""
    return event.count(where=(event.event == "cancellation") & happened(event))


@per("account_id", "subscriptions", unit="subscriptions", empty=0, served=False)
def company_starts(event):
    """Subscriptions that the lead's company has started."""
    return event.count(where=(event.event == "start") & happened(event))


@formula(unit="yes or no", empty=0, expect="-")
def company_churned(company_starts, company_cancellations):
    """Whether the lead's company was a customer and left."""
    return (company_starts > 0) & (company_cancellations >= company_starts)
