"""The deal's competitors."""

from dealml import per


@per("deal_id", "deal_changes")
def competitor(change):
    """Competitor last named in the deal."""
    return change.latest(change.text, where=change.field == "competitor")


@per("deal_id", "deal_changes", unit="competitors", empty=0, expect="-")
def competitors_named(change):
    """Different competitors named so far."""
    return change.text.nunique(where=change.field == "competitor")
