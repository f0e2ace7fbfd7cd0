"""How the lead's work stands: its age, whether it was qualified, whether it came back."""

from dealml import formula, per


@per("lead_id", "leads", unit="days")
def lead_age_days(event):
    """Days since the lead came in."""
    return event.days_ago.max()


@per("lead_id", "leads")
def lead_status(event):
    """Latest status of the lead."""
    return event.latest(event.event, where=event.event != "touched")


@per("lead_id", "leads", unit="days", expect="-", actionable=True)
def days_since_lead_status(event):
    """Days since the lead's status changed."""
    return event.days_ago.min(where=event.event != "touched")


@per("lead_id", "leads", unit="times", empty=0)
def times_recycled(event):
    """Times that the lead came back into play."""
    return event.count(where=event.event == "recycled")


@formula(served=False)
def lead_touch(lead_age_days, days_since_lead_touch):
    """Whether the lead came in or was touched within a week, or was not for a month."""
    quiet = days_since_lead_touch.coalesce(lead_age_days)
    return (quiet <= 7).ifelse("touched lately", (quiet >= 30).ifelse("going cold", None))
