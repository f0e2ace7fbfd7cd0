"""What set the buyer in motion."""

from dealml import per


@per("deal_id", "deal_changes")
def trigger(change):
    """Trigger that set the buyer in motion."""
    return change.latest(change.text, where=change.field == "trigger")
