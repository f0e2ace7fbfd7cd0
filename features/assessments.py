"""Recorded estimates of the deal's chance: compared with models, but not used by them."""

from dealml import per


def _last_probability(assessment, kind):
    share = (assessment.unit == "percent").ifelse(assessment.value / 100, assessment.value)
    return assessment.latest(share, where=(assessment.kind == kind) & share.between(0, 1))


@per("deal_id", "assessments", unit="share", expect="+", served=False)
def rep_probability(assessment):
    """Probability of winning that the deal's rep gave last."""
    return _last_probability(assessment, "rep")


@per("deal_id", "assessments", unit="share", expect="+", served=False)
def crm_probability(assessment):
    """Probability of winning that the CRM showed last, such as that of the stage."""
    return _last_probability(assessment, "crm")


@per("deal_id", "assessments", unit="points", expect="+", served=False)
def recorded_points(assessment):
    """Points that the deal had last in the company's own scoring."""
    return assessment.latest(assessment.value, where=assessment.kind == "heuristic")
