"""How far the buyer's decision has come."""

from dealml import family, formula, happened, per, within


@per("deal_id", "milestones", unit="milestones", empty=0, expect="+", actionable=True)
def milestones_reached(milestone):
    """Decision milestones reached so far."""
    return milestone.milestone.nunique()


@per("deal_id", "milestones", unit="milestones", empty=0, expect="+", actionable=True)
def milestones_30d(milestone):
    """Decision milestones reached in the last 30 days."""
    return milestone.milestone.nunique(where=within(milestone, 30))


@per("deal_id", "milestones", unit="days", expect="-", actionable=True)
def days_since_milestone(milestone):
    """Days since the last decision milestone was reached."""
    return milestone.days_ago.min(where=happened(milestone))


@per("deal_id", "milestones", unit="yes or no", empty=0, expect="+", actionable=True)
def problem_confirmed(milestone):
    """Confirmation by the buyer that the problem is worth solving."""
    return (milestone.milestone == "problem_confirmed").any()


@per("deal_id", "milestones", unit="yes or no", empty=0, expect="+", actionable=True)
def criteria_agreed(milestone):
    """Agreement with the buyer on the criteria of the decision."""
    return (milestone.milestone == "criteria_agreed").any()


@per("deal_id", "milestones", unit="yes or no", empty=0, expect="+", actionable=True)
def stakeholders_known(milestone):
    """Knowledge of everybody who takes part in the decision."""
    return (milestone.milestone == "stakeholders_known").any()


@per("deal_id", "milestones", unit="yes or no", empty=0, expect="+", actionable=True)
def budget_set(milestone):
    """Budget that the buyer has set aside."""
    return (milestone.milestone == "budget_set").any()


@per("deal_id", "milestones", unit="yes or no", empty=0, expect="+", actionable=True)
def timeline_set(milestone):
    """Timeline that the buyer has set for the decision."""
    return (milestone.milestone == "timeline_set").any()


@formula(unit="milestones a month", expect="+", actionable=True)
def milestone_pace(milestones_reached, age):
    """Decision milestones reached for each month of the deal's age."""
    return milestones_reached / age.clip(lower=1) * 30


@family("deal_id", "milestones", of="milestone", most=20, unit="milestones")
def milestone_kind(milestone):
    """Milestones “{value}”."""
    return happened(milestone)
