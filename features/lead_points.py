"""Points that the company gave the lead: a baseline, never served."""

from dealml import per


@per("lead_id", "lead_changes", unit="points", served=False)
def recorded_points(change):
    """Latest points on record."""
    return change.latest(change.number, where=change.field == "points")
