"""The deal's activity: kind, recency, frequency, and the people involved."""

from dealml import family, formula, happened, per, within


@per("deal_id", "activities", unit="activities", empty=0)
def activities_7d(activity):
    """Activities in the last 7 days."""
    return activity.count(where=within(activity, 7))


@per("deal_id", "activities", unit="activities", empty=0)
def activities_30d(activity):
    """Activities in the last 30 days."""
    return activity.count(where=within(activity, 30))


@per("deal_id", "activities", unit="activities", empty=0)
def activities_90d(activity):
    """Activities in the last 90 days."""
    return activity.count(where=within(activity, 90))


@per("deal_id", "activities", unit="activities", empty=0)
def activities_all(activity):
    """Activities so far."""
    return activity.count(where=happened(activity))


@per("deal_id", "activities", unit="activities", empty=0, expect="+", actionable=True)
def activities_planned(activity):
    """Activities planned ahead."""
    return activity.count(where=~happened(activity))


@per("deal_id", "activities", unit="days", expect="-", actionable=True)
def days_since_activity(activity):
    """Days since the last activity."""
    return activity.days_ago.min(where=happened(activity))


@per("deal_id", "activities", unit="days", expect="-", actionable=True)
def days_since_inbound(activity):
    """Days since the buyer last came to us."""
    return activity.days_ago.min(where=(activity.direction == "in") & happened(activity))


@per("deal_id", "activities", unit="activities", empty=0, expect="+")
def inbound_30d(activity):
    """Times that the buyer came to us in the last 30 days."""
    return activity.count(where=(activity.direction == "in") & within(activity, 30))


@per("deal_id", "activities", unit="share", expect="+")
def inbound_share(activity):
    """Share of activities in which the buyer came to us."""
    return (activity.direction == "in").mean()


@formula(unit="times", expect="+", actionable=True)
def rhythm(activities_30d, activities_all, age):
    """Activity of the last 30 days compared with the deal's own average (1 is as usual)."""
    lately = activities_30d / age.clip(lower=1, upper=30)
    usually = activities_all / age.clip(lower=1)
    return lately / usually.nullif(0)


@formula(unit="times", expect="-", actionable=True)
def silence(days_since_activity, activities_all, age):
    """Time since the last activity compared with the deal's usual gap between activities (1 is as usual)."""
    return days_since_activity * activities_all / age.clip(lower=1)


@per("deal_id", "activities", unit="people", empty=0, actionable=True)
def people_on_our_side(activity):
    """People on our side who have worked on the deal."""
    return activity.person.nunique()


@per("deal_id", "activities", unit="minutes", empty=0)
def minutes_all(activity):
    """Minutes spent with the buyer so far."""
    return activity.minutes.sum(where=happened(activity))


@per("deal_id", "activities", unit="meetings", empty=0, expect="+", actionable=True)
def meetings(activity):
    """Meetings held so far."""
    return activity.count(where=(activity.activity == "meeting") & happened(activity))


@per("deal_id", "activities", unit="meetings", empty=0, expect="+", actionable=True)
def meetings_30d(activity):
    """Meetings held in the last 30 days."""
    return activity.count(where=(activity.activity == "meeting") & within(activity, 30))


@per("deal_id", "activities", unit="meetings", empty=0, expect="+", actionable=True)
def meetings_planned(activity):
    """Meetings planned ahead."""
    return activity.count(where=(activity.activity == "meeting") & ~happened(activity))


@per("deal_id", "activities", unit="days", expect="-", actionable=True)
def days_since_meeting(activity):
    """Days since the last meeting."""
    return activity.days_ago.min(where=(activity.activity == "meeting") & happened(activity))


@per("deal_id", "activities", unit="calls", empty=0)
def calls(activity):
    """Calls made so far."""
    return activity.count(where=(activity.activity == "call") & happened(activity))


@per("deal_id", "activities", unit="e-mails", empty=0)
def emails(activity):
    """E-mails exchanged so far."""
    return activity.count(where=(activity.activity == "email") & happened(activity))


@per("deal_id", "activities", unit="demos", empty=0, expect="+", actionable=True)
def demos(activity):
    """Demos given so far."""
    return activity.count(where=(activity.activity == "demo") & happened(activity))


@per("deal_id", "activities", unit="kinds", empty=0)
def activity_kinds(activity):
    """Different kinds of activity so far."""
    return activity.activity.nunique()


@per("deal_id", "activities", unit="activities", empty=0)
def activities_scheduled(activity):
    """Activities put on the schedule so far."""
    return activity.count(where=activity.channel == "schedule")


@per("deal_id", "activities", unit="activities", empty=0)
def activities_started(activity):
    """Activities started so far."""
    return activity.count(where=activity.channel == "start")


@per("deal_id", "activities", unit="activities", empty=0)
def activities_completed(activity):
    """Activities completed so far."""
    return activity.count(where=activity.channel == "complete")


@per("deal_id", "activities")
def latest_activity(activity):
    """Kind of the last activity."""
    return activity.latest(activity.activity, where=happened(activity))


@family("deal_id", "activities", of=("activity", "channel"), most=40, unit="activities")
def activity_kind(activity):
    """Activities of the kind “{value}”."""
    return happened(activity)
