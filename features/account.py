"""Who the account is, and how often accounts of its kind have left.

Each kind is measured against the company of the same moment: 0.1 says that ten in a hundred more of its
subscriptions were cancelled. The shares themselves are not served: of one start ever more are cancelled, so they tell the time.
"""

from dealml import happened, lift, per, shrunken

USUAL = 0.2
"""The share of subscriptions cancelled that a kind of account is drawn towards while few are known."""


def _current(change, field):
    return (change.field == field) & happened(change)


def _cancelled_share(record):
    # Starts may lie before the extract, so more can have been cancelled than started.
    return shrunken(record.left.sum(), record.started.sum(), USUAL).clip(upper=1)


def _churn_lift(record):
    """Cancellations above what the company's share of the same moment gives, as a share of the subscriptions started."""
    return lift(record.left.sum(), record.started.sum(), record.company_left.max(), record.company_started.max())


@per("account_id", "account_changes", served=False)
def account_name(change):
    """Name of the account."""
    return change.latest(change.text, where=_current(change, "name"))


@per("account_id", "account_changes")
def account_segment(change):
    """Segment of the account."""
    return change.latest(change.text, where=_current(change, "segment"))


@per("account_id", "account_changes")
def account_industry(change):
    """Industry of the account."""
    return change.latest(change.text, where=_current(change, "industry"))


@per("account_id", "account_changes")
def account_country(change):
    """Country of the account."""
    return change.latest(change.text, where=_current(change, "country"))


@per("account_id", "account_changes", served=False)
def account_currency(change):
    """Currency that the account pays in."""
    return change.latest(change.text, where=_current(change, "currency"))


@per("account_id", "account_changes", unit="people", expect="-")
def employees(change):
    """People who work at the account."""
    return change.latest(change.number, where=_current(change, "employees"))


@per("account_id", "accounts", unit="days", expect="-")
def account_age_days(account):
    """Days since we first had the account on file."""
    return account.days_ago.max(where=happened(account))


@per("account_segment", "departures", unit="share", empty=USUAL, expect="+", served=False)
def segment_cancelled_share(record):
    """Share of the subscriptions in this segment that were cancelled so far."""
    return _cancelled_share(record)


@per("account_industry", "departures", unit="share", empty=USUAL, expect="+", served=False)
def industry_cancelled_share(record):
    """Share of the subscriptions in this industry that were cancelled so far."""
    return _cancelled_share(record)


@per("subscription_plan", "departures", unit="share", empty=USUAL, expect="+", served=False)
def plan_cancelled_share(record):
    """Share of the subscriptions on this plan that were cancelled so far."""
    return _cancelled_share(record)


@per("account_country", "departures", unit="share", empty=USUAL, expect="+", served=False)
def country_cancelled_share(record):
    """Share of the subscriptions in this country that were cancelled so far."""
    return _cancelled_share(record)


@per("account_segment", "departures", unit="share", empty=0, expect="+")
def segment_churn_lift(record):
    """Cancelled subscriptions in this segment above the company's share."""
    return _churn_lift(record)


@per("account_industry", "departures", unit="share", empty=0, expect="+")
def industry_churn_lift(record):
    """Cancelled subscriptions in this industry above the company's share."""
    return _churn_lift(record)


@per("subscription_plan", "departures", unit="share", empty=0, expect="+")
def plan_churn_lift(record):
    """Cancelled subscriptions on this plan above the company's share."""
    return _churn_lift(record)


@per("account_country", "departures", unit="share", empty=0, expect="+")
def country_churn_lift(record):
    """Cancelled subscriptions in this country above the company's share."""
    return _churn_lift(record)
