"""How deep our champion stands with us."""

from dealml import formula, happened, per


@per("deal_id", "stakeholders", unit="level 0–4", empty=0, expect="+", actionable=True)
def champion_depth(person):
    """Deepest engagement any champion has reached so far (0 none … 4 sells for us internally)."""
    return person.engagement.max(where=person.role == "champion")


@per("deal_id", "stakeholders", unit="level 0–4", empty=0, expect="+", actionable=True)
def champion_depth_now(person):
    """Engagement of the champion as last noted (0 none … 4 sells for us internally)."""
    return person.latest(person.engagement, where=person.role == "champion")


@formula(unit="levels", empty=0, expect="-", actionable=True)
def champion_cooled(champion_depth, champion_depth_now):
    """Levels of engagement that the champion has lost since the deepest point."""
    return champion_depth - champion_depth_now


@per("deal_id", "stakeholders", unit="people", empty=0, expect="+", actionable=True)
def champions(person):
    """People who act as champions for us."""
    return person.contact_id.nunique(where=(person.role == "champion") & (person.engagement > 0))


@per("deal_id", "stakeholders", unit="days", expect="-", actionable=True)
def days_since_champion_news(person):
    """Days since anything about a champion was noted."""
    return person.days_ago.min(where=(person.role == "champion") & happened(person))


@per("deal_id", "people", unit="level 1–4", expect="+", served=False)
def champion_seniority(person):
    """Seniority of the champion at the buyer (1 staff, 2 manager, 3 director, 4 executive)."""
    return person.latest(person.seniority, where=person.role == "champion")
