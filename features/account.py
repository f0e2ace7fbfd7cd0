"""Who the account is, and how often accounts of its kind have left."""

from dealml import happened, per, shrunken

USUAL = 0.2
"""The share of subscriptions cancelled that a kind of account is drawn towards while few are known."""


def _current(change, field):
    return (change.field == field) & happened(change)


def _cancelled_share(record):
    # Starts may lie before the extract, so more can have been cancelled than started.
    return shrunken(record.left.sum(), record.started.sum(), USUAL).clip(upper=1)


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


@per("account_segment", "departures", unit="share", empty=USUAL, expect="+")
def segment_cancelled_share(record):
    """Share of the subscriptions in this segment that were cancelled so far."""
    return _cancelled_share(record)


@per("account_industry", "departures", unit="share", empty=USUAL, expect="+")
def industry_cancelled_share(record):
    """Share of the subscriptions in this industry that were cancelled so far."""
    return _cancelled_share(record)


@per("subscription_plan", "departures", unit="share", empty=USUAL, expect="+")
def plan_cancelled_share(record):
    """Share of the subscriptions on this plan that were cancelled so far."""
    return _cancelled_share(record)


@per("account_country", "departures", unit="share", empty=USUAL, expect="+")
def country_cancelled_share(record):
    """Share of the subscriptions in this country that were cancelled so far."""
    return _cancelled_share(record)
