"""What the lead does: touches by kind, how lately, and whether it answers us."""

from dealml import family, formula, happened, per, within


def _responds(touch):
    """Whether a touch is a reply, a call, a form or an event: more than a click."""
    answered = (touch.direction == "in") & touch.activity.isin(["email", "reply", "call"])
    return answered | touch.activity.isin(["form", "event", "webinar"])


@per("lead_id", "lead_touches", unit="touches", empty=0, expect="+")
def lead_touches_7d(touch):
    """Touches of the lead in the last 7 days."""
    return touch.count(where=within(touch, 7))


@per("lead_id", "lead_touches", unit="touches", empty=0, expect="+")
def lead_touches_30d(touch):
    """Touches of the lead in the last 30 days."""
    return touch.count(where=within(touch, 30))


@per("lead_id", "lead_touches", unit="touches", empty=0)
def lead_touches_all(touch):
    """Touches of the lead so far."""
    return touch.count(where=happened(touch))


@per("lead_id", "lead_touches", unit="days", expect="-")
def days_since_lead_touch(touch):
    """Days since the lead was last touched."""
    return touch.days_ago.min(where=happened(touch))


@per("lead_id", "lead_touches", unit="touches", empty=0, expect="+")
def lead_inbound_30d(touch):
    """Times that the lead came to us in the last 30 days."""
    return touch.count(where=(touch.direction == "in") & within(touch, 30))


@per("lead_id", "lead_touches", unit="replies", empty=0, expect="+")
def lead_replies(touch):
    """E-mails and calls of the lead to us so far."""
    return touch.count(where=(touch.direction == "in") & touch.activity.isin(["email", "reply", "call"]) & happened(touch))


@per("lead_id", "lead_touches", unit="forms", empty=0, expect="+")
def lead_forms(touch):
    """Forms that the lead filled in so far."""
    return touch.count(where=(touch.activity == "form") & happened(touch))


@per("lead_id", "lead_touches", unit="pages", empty=0)
def lead_pages_30d(touch):
    """Pages that the lead looked at in the last 30 days."""
    return touch.count(where=(touch.activity == "page") & within(touch, 30))


@per("lead_id", "lead_touches", unit="events", empty=0, expect="+")
def lead_events(touch):
    """Events and webinars that the lead came to so far."""
    return touch.count(where=touch.activity.isin(["event", "webinar"]) & happened(touch))


@per("lead_id", "lead_touches", unit="e-mails", empty=0)
def lead_opens_30d(touch):
    """E-mails that the lead opened in the last 30 days."""
    return touch.count(where=(touch.activity == "open") & within(touch, 30))


@per("lead_id", "lead_touches", unit="kinds", empty=0, expect="+")
def lead_touch_kinds(touch):
    """Different kinds of touches so far."""
    return touch.activity.nunique(where=happened(touch))


@per("lead_id", "lead_touches", unit="responses", empty=0, expect="+")
def lead_responses_30d(touch):
    """Replies, forms and events of the lead in the last 30 days."""
    return touch.count(where=_responds(touch) & within(touch, 30))


@per("lead_id", "lead_touches", unit="days", expect="-")
def days_since_lead_response(touch):
    """Days since the lead last replied, filled in a form or came to an event."""
    return touch.days_ago.min(where=_responds(touch) & happened(touch))


@formula(unit="times", expect="+")
def lead_momentum(lead_touches_7d, lead_touches_30d):
    """Touches of the last 7 days against the usual of the last 30."""
    return (lead_touches_7d + 1) / (lead_touches_30d * 7 / 30 + 1)


@family("lead_id", "lead_touches", of="activity", most=40, unit="touches")
def lead_touch_kind(touch):
    """Touches of the kind “{value}”."""
    return happened(touch)
