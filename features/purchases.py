"""What the account buys, for companies that sell by the order and not by subscription.

A purchase has a positive quantity, or none stated; a return has a negative one.
"""

from dealml import formula, happened, per, within


def _bought(purchase):
    return (purchase.quantity > 0) | purchase.quantity.isnull()


def _orders(purchase, when):
    # A purchase without an order number stands for one order a day.
    order = purchase.order_id.fill_null(purchase.days_ago.ceil().cast("int64").cast("string"))
    return order.nunique(where=_bought(purchase) & when)


def _spent(purchase, days, before=0):
    return purchase.value.sum(where=within(purchase, days, before))


@per("account_id", "purchases", unit="days", expect="+", actionable=True)
def days_since_purchase(purchase):
    """Days since the account last bought something."""
    return purchase.days_ago.min(where=_bought(purchase) & happened(purchase))


@per("account_id", "purchases", unit="days", expect="-")
def days_since_first_purchase(purchase):
    """Days since the account first bought something."""
    return purchase.days_ago.max(where=_bought(purchase) & happened(purchase))


@per("account_id", "purchases", unit="orders", empty=0, expect="-", actionable=True)
def orders_30d(purchase):
    """Orders in the last 30 days."""
    return _orders(purchase, within(purchase, 30))


@per("account_id", "purchases", unit="orders", empty=0, expect="-", actionable=True)
def orders_90d(purchase):
    """Orders in the last 90 days."""
    return _orders(purchase, within(purchase, 90))


@per("account_id", "purchases", unit="orders", empty=0, expect="-")
def orders_180d(purchase):
    """Orders in the last 180 days."""
    return _orders(purchase, within(purchase, 180))


@per("account_id", "purchases", unit="orders", empty=0, expect="-")
def orders_365d(purchase):
    """Orders in the last 365 days."""
    return _orders(purchase, within(purchase, 365))


@per("account_id", "purchases", unit="orders", empty=0, expect="-")
def orders_so_far(purchase):
    """Orders so far."""
    return _orders(purchase, happened(purchase))


@per("account_id", "purchases", unit="account's currency", empty=0, expect="-", actionable=True)
def spent_30d(purchase):
    """Value of the purchases in the last 30 days, less returns."""
    return _spent(purchase, 30)


@per("account_id", "purchases", unit="account's currency", empty=0, expect="-", actionable=True)
def spent_90d(purchase):
    """Value of the purchases in the last 90 days, less returns."""
    return _spent(purchase, 90)


@per("account_id", "purchases", unit="account's currency", empty=0, expect="-")
def spent_180d(purchase):
    """Value of the purchases in the last 180 days, less returns."""
    return _spent(purchase, 180)


@per("account_id", "purchases", unit="account's currency", empty=0, expect="-")
def spent_365d(purchase):
    """Value of the purchases in the last 365 days, less returns."""
    return _spent(purchase, 365)


@per("account_id", "purchases", unit="account's currency", empty=0, served=False)
def spent_three_quarters_before(purchase):
    """Value of the purchases in the 270 days before the last 90, less returns."""
    return _spent(purchase, 270, before=90)


@formula(unit="account's currency", expect="-")
def order_value_365d(spent_365d, orders_365d):
    """Average value of an order in the last 365 days, less returns."""
    return spent_365d / orders_365d.nullif(0)


@formula(unit="times", expect="-", actionable=True)
def spent_trend(spent_90d, spent_three_quarters_before):
    """Value of the purchases in the last 90 days, against the 270 days before (1 = as before)."""
    # Where returns outweigh what was bought before, there is nothing to compare with.
    before = (spent_three_quarters_before > 0).ifelse(spent_three_quarters_before, None)
    return (spent_90d / 90) / (before / 270)


@formula(unit="share", expect="-", actionable=True)
def orders_share_90d(orders_90d, orders_365d):
    """Share of the orders of the last 365 days that came in the last 90."""
    return orders_90d / orders_365d.nullif(0)


@formula(unit="days", expect="+")
def days_between_orders(days_since_first_purchase, days_since_purchase, orders_so_far):
    """Average days from one order of the account to the next."""
    return (days_since_first_purchase - days_since_purchase) / (orders_so_far - 1).nullif(0)


@formula(unit="times", expect="+", actionable=True)
def overdue_order(days_since_purchase, days_between_orders):
    """Days since the last purchase, against the account's own rhythm (1 = an order is due)."""
    # Orders that came within minutes of each other are no rhythm: a day is the shortest.
    return days_since_purchase / days_between_orders.clip(lower=1)


@per("account_id", "purchases", unit="products", empty=0, expect="-", actionable=True)
def products_bought_90d(purchase):
    """Different products bought in the last 90 days."""
    return purchase.product.nunique(where=_bought(purchase) & within(purchase, 90))


@per("account_id", "purchases", unit="products", empty=0, expect="-")
def products_bought_365d(purchase):
    """Different products bought in the last 365 days."""
    return purchase.product.nunique(where=_bought(purchase) & within(purchase, 365))


@per("account_id", "purchases", unit="lines", empty=0, served=False)
def lines_365d(purchase):
    """Lines bought or returned in the last 365 days."""
    return purchase.count(where=within(purchase, 365))


@per("account_id", "purchases", unit="lines", empty=0, served=False)
def returns_365d(purchase):
    """Lines returned in the last 365 days."""
    return purchase.count(where=(purchase.quantity < 0) & within(purchase, 365))


@formula(unit="share", expect="+", actionable=True)
def returns_share_365d(returns_365d, lines_365d):
    """Share of the lines of the last 365 days that were returns."""
    return returns_365d / lines_365d.nullif(0)


@per("account_id", "purchases", unit="days", actionable=True)
def days_since_return(purchase):
    """Days since the account last returned something."""
    return purchase.days_ago.min(where=(purchase.quantity < 0) & happened(purchase))
