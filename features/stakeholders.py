"""Who takes part in the decision, and how far they are with us."""

from dealml import per


@per("deal_id", "stakeholders", unit="people", empty=0, expect="+", actionable=True)
def people_known(person):
    """People known to take part in the decision."""
    return person.contact_id.nunique()


@per("deal_id", "stakeholders", unit="roles", empty=0, expect="+", actionable=True)
def roles_known(person):
    """Roles in the decision that are known."""
    return person.role.nunique()


@per("deal_id", "stakeholders", unit="people", empty=0, expect="+", actionable=True)
def supporters(person):
    """People who have supported us at some point."""
    return person.contact_id.nunique(where=person.engagement >= 2)


@per("deal_id", "stakeholders", unit="level 0–4", empty=0, expect="+", actionable=True)
def economic_buyer_depth(person):
    """Deepest engagement the economic buyer has reached so far (0 none … 4 sells for us internally)."""
    return person.engagement.max(where=person.role == "economic_buyer")


@per("deal_id", "stakeholders", unit="level 0–4", empty=0, expect="+", actionable=True)
def executive_depth(person):
    """Deepest engagement any executive has reached so far (0 none … 4 sells for us internally)."""
    return person.engagement.max(where=person.role == "executive")
