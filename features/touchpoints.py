"""What the buyer was shown, through which channels, and who of them was there."""

from dealml import per


@per("deal_id", "activities", unit="assets", empty=0, expect="+", actionable=True)
def assets_shared(touch):
    """Assets shared with the buyer so far."""
    return touch.count(where=touch.asset.notnull())


@per("deal_id", "activities", unit="assets", empty=0, expect="+", actionable=True)
def different_assets(touch):
    """Different assets shared with the buyer so far."""
    return touch.asset.nunique()


@per("deal_id", "activities", unit="channels", empty=0, expect="+", actionable=True)
def channels_used(touch):
    """Different channels used with the buyer so far."""
    return touch.channel.nunique()


@per("deal_id", "activities", unit="people", empty=0, expect="+", actionable=True)
def contacts_touched(touch):
    """People of the buyer that we have been in touch with."""
    return touch.contact_id.nunique()
