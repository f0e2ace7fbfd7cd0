"""What the account subscribes to, and how that has changed."""

from dealml import formula, happened, per, within


@per("account_id", "subscriptions", unit="days", expect="-")
def tenure_days(subscription):
    """Days since the account first subscribed."""
    return subscription.days_ago.max(where=happened(subscription))


@per("account_id", "subscriptions", unit="subscriptions", empty=0, expect="-")
def subscriptions_held(subscription):
    """Subscriptions that the account holds now."""
    started = subscription.count(where=(subscription.event == "start") & happened(subscription))
    return started - subscription.count(where=(subscription.event == "cancellation") & happened(subscription))


@per("account_id", "arr_changes", unit="account's currency a year", expect="-", actionable=True)
def arr(change):
    """Annual recurring revenue of the account now."""
    return change.change.sum(where=happened(change))


@per("account_id", "arr_changes", unit="account's currency a year", served=False)
def arr_year_before(change):
    """Annual recurring revenue of the account a year ago."""
    return change.change.sum(where=change.days_ago >= 365)


@per("account_id", "arr_changes", unit="account's currency a year", served=False)
def arr_started(change):
    """Annual recurring revenue with which the account's subscriptions began."""
    return change.level.sum(where=(change.event == "start") & happened(change))


@formula(unit="share", expect="-", actionable=True)
def arr_growth_year(arr, arr_year_before):
    """Growth of the annual recurring revenue over the last year."""
    return arr / arr_year_before.nullif(0) - 1


@formula(unit="share", expect="-", actionable=True)
def arr_growth_start(arr, arr_started):
    """Growth of the annual recurring revenue since the account's subscriptions began."""
    return arr / arr_started.nullif(0) - 1


@per("account_id", "arr_changes", unit="account's currency a year", empty=0, served=False)
def arr_given_up(change):
    """Annual recurring revenue that the account has given up so far."""
    return -change.change.sum(where=happened(change) & (change.change < 0))


@formula(unit="share", expect="+", actionable=True)
def arr_given_up_share(arr, arr_given_up):
    """Annual recurring revenue given up so far, as a share of all that the account ever agreed to."""
    return arr_given_up / (arr + arr_given_up).nullif(0)


@per("account_id", "seat_changes", unit="seats", expect="-", actionable=True)
def seats(change):
    """Seats that the account pays for now."""
    return change.change.sum(where=happened(change))


@formula(unit="account's currency a year", actionable=True)
def arr_per_seat(arr, seats):
    """Annual recurring revenue for each seat."""
    return arr / seats.nullif(0)


@per("account_id", "subscriptions")
def subscription_plan(subscription):
    """Plan that the account has."""
    return subscription.latest(subscription.plan, where=(subscription.event != "cancellation") & happened(subscription))


@per("account_id", "subscriptions", unit="days", expect="-")
def days_to_term_end(subscription):
    """Days until the term of the latest subscription ends (negative: it has ended)."""
    return subscription.latest(subscription.term_end_in_days, where=happened(subscription))


@per("account_id", "subscriptions", unit="days", expect="-")
def days_to_next_term_end(subscription):
    """Days until the next end of a term."""
    return subscription.term_end_in_days.min(where=subscription.term_end_in_days >= 0)


@per("account_id", "subscriptions", unit="renewals", empty=0, expect="-")
def renewals(subscription):
    """Renewals so far."""
    return subscription.count(where=(subscription.event == "renewal") & happened(subscription))


@per("account_id", "subscriptions", unit="expansions", empty=0, expect="-", actionable=True)
def expansions(subscription):
    """Times that the account expanded its subscription."""
    return subscription.count(where=(subscription.event == "expansion") & happened(subscription))


@per("account_id", "subscriptions", unit="contractions", empty=0, expect="+", actionable=True)
def contractions(subscription):
    """Times that the account cut its subscription back."""
    return subscription.count(where=(subscription.event == "contraction") & happened(subscription))


@per("account_id", "subscriptions", unit="contractions", empty=0, expect="+", actionable=True)
def contractions_180d(subscription):
    """Times that the account cut its subscription back in the last 180 days."""
    return subscription.count(where=(subscription.event == "contraction") & within(subscription, 180))


@per("account_id", "subscriptions", unit="cancellations", empty=0, expect="+")
def cancellations(subscription):
    """Subscriptions that the account has cancelled before."""
    return subscription.count(where=(subscription.event == "cancellation") & happened(subscription))


@per("account_id", "subscriptions", unit="days")
def days_since_subscription_event(subscription):
    """Days since anything last happened to the account's subscriptions."""
    return subscription.days_ago.min(where=happened(subscription))


@per("account_id", "subscriptions", unit="days", expect="+")
def days_since_expansion(subscription):
    """Days since the account last expanded its subscription."""
    return subscription.days_ago.min(where=(subscription.event == "expansion") & happened(subscription))
