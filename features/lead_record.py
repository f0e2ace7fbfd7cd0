"""How earlier leads of the same source and campaign went, against the rate of all leads of the same moment."""

from dealml import lift, per


def conversion_lift(record):
    """Conversions above what the rate of all leads gives, as a share of the leads that came in."""
    return lift(record.converted.sum(), record.leads.sum(), record.company_converted.max(), record.company_leads.max())


@per("lead_source", "lead_results", unit="share", empty=0, expect="+")
def source_conversion_lift(record):
    """Leads of this source that became a deal within 30 days, above the rate of all leads."""
    return conversion_lift(record)


@per("lead_campaign", "lead_results", unit="share", empty=0, expect="+")
def campaign_conversion_lift(record):
    """Leads of this campaign that became a deal within 30 days, above the rate of all leads."""
    return conversion_lift(record)
