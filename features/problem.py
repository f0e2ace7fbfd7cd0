"""What the buyer wants solved."""

from dealml import per


@per("deal_id", "deal_changes")
def problem(change):
    """Business problem that the buyer wants solved."""
    return change.latest(change.text, where=change.field == "problem")


@per("deal_id", "deal_changes", unit="problems", empty=0)
def problems_named(change):
    """Different business problems named so far."""
    return change.text.nunique(where=change.field == "problem")
