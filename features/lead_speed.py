"""How soon we answer, and how long we let a lead wait."""

from dealml import formula, happened, per


@per("lead_id", "lead_answers", unit="working hours", expect="-", actionable=True)
def hours_to_answer(answer):
    """Working hours from the lead's arrival to our first answer."""
    return answer.working_hours.min()


@per("lead_id", "lead_touches", unit="touches", empty=0, actionable=True)
def lead_outbound(touch):
    """Times that we came to the lead so far."""
    return touch.count(where=(touch.direction == "out") & happened(touch))


@per("lead_id", "lead_touches", unit="days", expect="-", actionable=True)
def days_since_our_touch(touch):
    """Days since we last came to the lead."""
    return touch.days_ago.min(where=(touch.direction == "out") & happened(touch))


@per("lead_id", "lead_touches", unit="days", served=False)
def days_since_their_touch(touch):
    """Days since the lead last came to us."""
    return touch.days_ago.min(where=(touch.direction == "in") & happened(touch))


@formula(unit="days", expect="-", actionable=True)
def days_unanswered(days_since_their_touch, days_since_our_touch):
    """Days that the lead waits for an answer; 0 where we came last."""
    waits = days_since_our_touch.isnull() | (days_since_their_touch < days_since_our_touch)
    return waits.ifelse(days_since_their_touch, 0)
