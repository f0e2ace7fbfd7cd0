"""Where the lead came from."""

from dealml import per


@per("lead_id", "leads")
def lead_source(event):
    """Source that the lead came from."""
    return event.latest(event.source)


@per("lead_id", "leads")
def lead_segment(event):
    """Segment of the lead."""
    return event.latest(event.segment)


@per("lead_id", "lead_changes")
def lead_campaign(change):
    """Campaign that the lead answered to."""
    return change.latest(change.text, where=change.field == "campaign")


@per("lead_id", "leads", served=False)
def lead_team(event):
    """Team that works the lead."""
    return event.latest(event.team)
