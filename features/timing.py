"""How old the deal is, when it is expected to close, and how often that was put off."""

from dealml import formula, per


@per("deal_id", "deals", unit="days")
def age(deal):
    """Days since the deal was created."""
    return deal.days_ago.max()


@per("deal_id", "deal_changes", served=False)
def close_date(change):
    """Date on which the deal is expected to close."""
    return change.latest(change.moment.strftime("%Y-%m-%d"), where=change.field == "close_date")


@per("deal_id", "deal_changes", unit="days")
def days_to_close(change):
    """Days until the deal is expected to close (negative when the date has passed)."""
    return change.latest(change.moment_in_days, where=change.field == "close_date")


@formula(unit="days", expect="-", actionable=True)
def days_overdue(days_to_close):
    """Days by which the expected close date has passed."""
    return (0 - days_to_close).clip(lower=0)


@per("deal_id", "close_date_changes", unit="pushes", empty=0, expect="-", actionable=True)
def pushes(change):
    """Times that the expected close date was pushed out."""
    return change.count(where=change.moment > change.previous)


@per("deal_id", "close_date_changes", unit="times", empty=0, expect="+")
def pull_ins(change):
    """Times that the expected close date was pulled in."""
    return change.count(where=change.moment < change.previous)


@per("deal_id", "close_date_changes", unit="days", empty=0, expect="-", actionable=True)
def days_pushed(change):
    """Days by which the expected close date was pushed out, all pushes together."""
    return (change.moment_in_days - change.previous_in_days).sum(where=change.moment > change.previous)


@per("deal_id", "close_date_changes", unit="days")
def last_push(change):
    """Days by which the expected close date was pushed out the last time."""
    return change.latest(change.moment_in_days - change.previous_in_days, where=change.moment > change.previous)


@per("deal_id", "close_date_changes", unit="days")
def days_since_push(change):
    """Days since the expected close date was last pushed out."""
    return change.days_ago.min(where=change.moment > change.previous)


@formula(unit="days")
def days_to_quarter_end(clock):
    """Days until the quarter ends."""
    return clock.days_to_quarter_end


@formula(unit="yes or no", expect="+")
def closes_this_quarter(days_to_close, days_to_quarter_end):
    """Expected close date within the current quarter."""
    return (days_to_close >= 0) & (days_to_close < days_to_quarter_end)
