"""What customers and employees answer when they are asked."""

from __future__ import annotations

from dealml.sales_metrics.metric import MetricQuery, Number, SalesMetric, ratio

_ANSWERS = """
    SELECT period_index, {{group}} AS grp, count(*) AS {name}_answers, count(*) FILTER (WHERE score >= {high}) AS {name}_high,
           count(*) FILTER (WHERE score <= {low}) AS {name}_low
    FROM period JOIN (SELECT s.*, segment, team, source FROM surveys s LEFT JOIN account USING (account_id)) answers
      ON occurred_at >= since AND occurred_at < until
    WHERE lower(survey) = '{name}' AND account_id IS {whose} AND score BETWEEN {least} AND {most} GROUP BY ALL"""
_CUSTOMERS, _EMPLOYEES = "NOT NULL", "NULL"
NPS = MetricQuery(_ANSWERS.format(name="nps", high=9, low=6, whose=_CUSTOMERS, least=0, most=10))
CSAT = MetricQuery(_ANSWERS.format(name="csat", high=4, low=2, whose=_CUSTOMERS, least=1, most=5))
ESAT = MetricQuery(_ANSWERS.format(name="esat", high=4, low=2, whose=_EMPLOYEES, least=1, most=5), splits=())


def nps(promoters: Number, detractors: Number, answers: Number) -> float:
    """Percentage of promoters (9, 10) less percentage of detractors (0–6), from −100 to 100."""
    return 100 * ratio(float(promoters) - float(detractors), answers, "nobody answered")


def satisfied(content: Number, answers: Number) -> float:
    """Share of answers that are 4 or 5 of 5."""
    return ratio(content, answers, "nobody answered")


METRICS = (
    SalesMetric(
        "nps", "NPS (net promoter score)", "points",
        "100 × (answers of 9 or 10 − answers of 0 to 6) ÷ all answers given in the period, from −100 to 100",
        ("surveys: nps",), "no value where nobody answered; an answer outside of 0 to 10 is none",
        ("surveys",), (NPS,), {"nps_high": "promoters", "nps_low": "detractors", "nps_answers": "answers"},
        lambda parts: nps(parts["nps_high"], parts["nps_low"], parts["nps_answers"]),
    ),
    SalesMetric(
        "csat", "CSAT (customer satisfaction)", "share",
        "customers' answers of 4 or 5 ÷ all their answers given in the period",
        ("surveys: csat",), "no value where nobody answered; an answer outside of 1 to 5 is none",
        ("surveys",), (CSAT,), {"csat_high": "satisfied", "csat_answers": "answers"},
        lambda parts: satisfied(parts["csat_high"], parts["csat_answers"]),
    ),
    SalesMetric(
        "esat", "ESAT (employee satisfaction)", "share",
        "our own people's answers of 4 or 5 ÷ all their answers given in the period",
        ("surveys: esat, without an account",),
        "no value where none of our own people answered; answers with an account are the customers' people's and do not count",
        ("surveys",), (ESAT,), {"esat_high": "satisfied", "esat_answers": "answers"},
        lambda parts: satisfied(parts["esat_high"], parts["esat_answers"]),
    ),
)  # fmt: skip
