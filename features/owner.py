"""Who looks after the deal: shown, but not fed to models. Ranking people is not the purpose."""

from dealml import per


@per("deal_id", "deal_changes", served=False)
def owner(change):
    """Owner of the deal."""
    return change.latest(change.text, where=change.field == "owner")


@per("deal_id", "deal_changes", served=False)
def team(change):
    """Team that looks after the deal."""
    return change.latest(change.text, where=change.field == "team")


@per("deal_id", "owner_changes", unit="handovers", empty=0, expect="-")
def owner_handovers(change):
    """Times that the deal was handed to another owner."""
    return change.count(where=change.previous.notnull())
