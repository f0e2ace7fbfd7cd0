"""How deep our champion stands with us."""

from dealml import per


@per("deal_id", "stakeholders", unit="level 0–4", empty=0, expect="+", actionable=True)
def champion_depth(person):
    """Deepest engagement any champion has reached so far (0 none … 4 sells for us internally)."""
    return person.engagement.max(where=person.role == "champion")
