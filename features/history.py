"""How earlier deals of the same kind ended, as far as it was known at the time.

Each kind is measured against the company's win rate of the same moment, and drawn towards it while
its deals are few: 0.1 says that ten in a hundred more were won than in the whole company.
"""

from dealml import lift, per


def win_lift(record):
    """Wins above what the company's rate of the same moment gives, as a share of the deals closed."""
    return lift(record.won.sum(), record.closed.sum(), record.company_won.max(), record.company_closed.max())


@per("segment", "results", unit="share", empty=0, expect="+")
def segment_win_lift(record):
    """Wins of deals in this segment above the company's rate."""
    return win_lift(record)


@per("industry", "results", unit="share", empty=0, expect="+")
def industry_win_lift(record):
    """Wins of deals in this industry above the company's rate."""
    return win_lift(record)


@per("problem", "results", unit="share", empty=0, expect="+")
def problem_win_lift(record):
    """Wins of deals about this problem above the company's rate."""
    return win_lift(record)


@per("trigger", "results", unit="share", empty=0, expect="+")
def trigger_win_lift(record):
    """Wins of deals with this trigger above the company's rate."""
    return win_lift(record)


@per("competitor", "results", unit="share", empty=0, expect="+")
def competitor_win_lift(record):
    """Wins of deals against this competitor above the company's rate."""
    return win_lift(record)


@per("source", "results", unit="share", empty=0, expect="+")
def source_win_lift(record):
    """Wins of deals from this source above the company's rate."""
    return win_lift(record)


@per("stage", "passages", unit="share", empty=0, expect="+")
def stage_win_lift(record):
    """Wins of deals that passed this stage above the company's rate."""
    return win_lift(record)


@per("account_id", "results", unit="share", empty=0, expect="+")
def account_win_lift(record):
    """Wins of earlier deals with this account above the company's rate."""
    return win_lift(record)


@per("account_id", "results", unit="deals", empty=0, expect="+")
def account_deals_won_1y(record):
    """Deals won with this account in the last year."""
    return record.won.sum(where=record.days_ago <= 365)


@per("account_id", "results", unit="deals", empty=0, expect="-")
def account_deals_lost_1y(record):
    """Deals lost with this account in the last year."""
    return (record.closed - record.won).sum(where=record.days_ago <= 365)
