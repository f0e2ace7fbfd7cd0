"""What kind of deal it is, and what it is called."""

from dealml import per


@per("deal_id", "deal_changes")
def segment(change):
    """Size segment of the buyer."""
    return change.latest(change.text, where=change.field == "segment")


@per("deal_id", "deal_changes")
def industry(change):
    """Industry of the buyer."""
    return change.latest(change.text, where=change.field == "industry")


@per("deal_id", "deal_changes")
def country(change):
    """Country of the buyer."""
    return change.latest(change.text, where=change.field == "country")


@per("deal_id", "deal_changes")
def deal_type(change):
    """Type of the deal, such as new business or an expansion."""
    return change.latest(change.text, where=change.field == "deal_type")


@per("deal_id", "deal_changes")
def source(change):
    """Source that the deal came from."""
    return change.latest(change.text, where=change.field == "source")


@per("deal_id", "deal_changes", served=False)
def deal_name(change):
    """Name of the deal."""
    return change.latest(change.text, where=change.field == "name")


@per("deal_id", "deal_changes", served=False)
def forecast_category(change):
    """Forecast category that the deal's owner put it in."""
    return change.latest(change.text, where=change.field == "forecast_category")


@per("deal_id", "deal_changes", served=False)
def growth_stage(change):
    """Growth stage of the buyer, such as start-up or scale-up."""
    return change.latest(change.text, where=change.field == "growth_stage")
