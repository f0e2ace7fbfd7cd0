"""What people at the account answer when they are asked how satisfied they are."""

from dealml import formula, happened, per, within

INTERVIEW = "win_loss"
"""The interview after a deal was won or lost speaks of the purchase, not of how satisfied a customer is."""


def _answers(survey, kind):
    return (survey.survey == kind) & happened(survey)


@per("account_id", "surveys", unit="score 0–10", expect="-", actionable=True)
def nps_latest(survey):
    """Latest answer to the recommendation question (NPS)."""
    return survey.latest(survey.score, where=_answers(survey, "nps"))


@per("account_id", "surveys", unit="score 0–10", served=False)
def nps_first(survey):
    """First answer to the recommendation question (NPS)."""
    return survey.first(survey.score, where=_answers(survey, "nps"))


@per("account_id", "surveys", unit="score 0–10", expect="-", actionable=True)
def nps_average(survey):
    """Average answer to the recommendation question (NPS)."""
    return survey.score.mean(where=_answers(survey, "nps"))


@formula(unit="points", expect="-", actionable=True)
def nps_since_first(nps_latest, nps_first):
    """Change of the NPS answer since the first one."""
    return nps_latest - nps_first


@formula(unit="points", expect="-", actionable=True)
def nps_against_average(nps_latest, nps_average):
    """Latest NPS answer, against the account's average."""
    return nps_latest - nps_average


@per("account_id", "surveys", unit="share", expect="+", actionable=True)
def detractor_share(survey):
    """Share of NPS answers that are 6 or less (detractors)."""
    return (survey.score <= 6).cast("float64").mean(where=_answers(survey, "nps"))


@per("account_id", "surveys", unit="share", expect="-", actionable=True)
def promoter_share(survey):
    """Share of NPS answers that are 9 or 10 (promoters)."""
    return (survey.score >= 9).cast("float64").mean(where=_answers(survey, "nps"))


@per("account_id", "surveys", unit="score 1–5", expect="-", actionable=True)
def csat_latest(survey):
    """Latest answer on satisfaction with us (CSAT)."""
    return survey.latest(survey.score, where=_answers(survey, "csat"))


@per("account_id", "surveys", unit="score 1–5", expect="-", actionable=True)
def csat_average(survey):
    """Average answer on satisfaction with us (CSAT)."""
    return survey.score.mean(where=_answers(survey, "csat"))


@formula(unit="points", expect="-", actionable=True)
def csat_against_average(csat_latest, csat_average):
    """Latest CSAT answer, against the account's average."""
    return csat_latest - csat_average


@per("account_id", "surveys", unit="score 1–5", expect="-", actionable=True)
def esat_latest(survey):
    """Latest answer on how the people there feel about working with the product (ESAT)."""
    return survey.latest(survey.score, where=_answers(survey, "esat"))


@per("account_id", "surveys", unit="score 1–5", served=False)
def esat_average(survey):
    """Average answer on how the people there feel about working with the product (ESAT)."""
    return survey.score.mean(where=_answers(survey, "esat"))


@formula(unit="points", expect="-", actionable=True)
def esat_against_average(esat_latest, esat_average):
    """Latest ESAT answer, against the account's average."""
    return esat_latest - esat_average


@per("account_id", "surveys", unit="days", actionable=True)
def days_since_survey(survey):
    """Days since anybody there last answered a survey."""
    return survey.days_ago.min(where=happened(survey) & (survey.survey != INTERVIEW))


@per("account_id", "surveys", unit="answers", empty=0, expect="-", actionable=True)
def survey_answers_365d(survey):
    """Survey answers in the last 365 days."""
    return survey.count(where=within(survey, 365) & (survey.survey != INTERVIEW))


@per("account_id", "surveys", unit="people", empty=0, expect="-", actionable=True)
def survey_people(survey):
    """Different people who have answered a survey."""
    return survey.contact_id.nunique(where=happened(survey))
