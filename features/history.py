"""How earlier deals of the same kind ended, as far as it was known at the time.

A rate from few deals is drawn towards the usual one.
"""

from dealml import formula, per, shrunken

USUAL_WIN_RATE = 0.25


def win_rate(record):
    """The share of closed deals that were won."""
    return shrunken(record.won.sum(), record.closed.sum(), USUAL_WIN_RATE)


@per("segment", "results", unit="share", expect="+")
def segment_win_rate(record):
    """Win rate of deals in this segment."""
    return win_rate(record)


@per("industry", "results", unit="share", expect="+")
def industry_win_rate(record):
    """Win rate of deals in this industry."""
    return win_rate(record)


@per("problem", "results", unit="share", expect="+")
def problem_win_rate(record):
    """Win rate of deals about this problem."""
    return win_rate(record)


@per("trigger", "results", unit="share", expect="+")
def trigger_win_rate(record):
    """Win rate of deals with this trigger."""
    return win_rate(record)


@per("competitor", "results", unit="share", expect="+")
def competitor_win_rate(record):
    """Win rate of deals against this competitor."""
    return win_rate(record)


@per("source", "results", unit="share", expect="+")
def source_win_rate(record):
    """Win rate of deals from this source."""
    return win_rate(record)


@per("stage", "passages", unit="share", expect="+")
def stage_win_rate(record):
    """Win rate of deals that passed this stage."""
    return win_rate(record)


@per("account_id", "results", unit="share", expect="+")
def account_win_rate(record):
    """Win rate of earlier deals with this account."""
    return win_rate(record)


@per("account_id", "results", unit="deals", empty=0, expect="+")
def account_deals_won(record):
    """Deals won with this account before."""
    return record.won.sum()


@per("account_id", "results", unit="deals", empty=0, expect="-")
def account_deals_lost(record):
    """Deals lost with this account before."""
    return record.closed.sum() - record.won.sum()


@per("segment", "results", unit="days")
def segment_days_to_win(record):
    """Days that won deals in this segment have usually taken."""
    return record.won_days.sum() / record.won_timed.sum().nullif(0)


@formula(unit="times", expect="-")
def age_compared(age, segment_days_to_win):
    """Age of the deal compared with how long won deals in its segment have taken (1 is as long as theirs)."""
    return age / segment_days_to_win.clip(lower=1)
