"""Quotas: what was aimed at, and how much of it was reached."""

from __future__ import annotations

from dealml.metrics.metric import Figures, Metric, Number, Parts, Unknown, ratio
from dealml.metrics.revenue import CLOSED, ON_RECORD, no_rate, revenue_of

OVERLAP = """
    CASE WHEN period_start IS NULL OR period_end IS NULL THEN (fact_at >= since AND fact_at < until)::INT
         WHEN period_start >= since AND period_end <= until THEN 1
         ELSE greatest(epoch_us(least(period_end, until)) - epoch_us(greatest(period_start, since)), 0)
              / greatest(epoch_us(period_end) - epoch_us(period_start), 1) END"""
"""Which part of the time that something is for lies within a period."""

PORTION = f"CASE WHEN ({OVERLAP}) = 1 THEN money ELSE round(money::DOUBLE * ({OVERLAP}), 2)::DECIMAL(38, 2) END"
"""The money of that part, to the cent; all of it is exactly all of it."""

QUOTA = Figures(
    f"""
    WITH falling AS (
        SELECT place, {{group}} AS grp, level, unrated, {PORTION} AS part
        FROM period JOIN quota ON ({OVERLAP}) > 0 WHERE '{{way}}' = '' OR level > 0),
    ranked AS (SELECT *, min(level) OVER (PARTITION BY place, grp) AS coarsest FROM falling)
    SELECT place, grp, count(*) AS quotas, coalesce(sum(part), 0) AS quota, min(unrated) AS unrated_quota
    FROM ranked WHERE level = coarsest GROUP BY ALL""",
    splits=("team",),
)
"""Quotas of the company, or else of its teams, or else of its people: never two of them together."""


def attainment(revenue: Number, quota: Number) -> float:
    """Revenue as a share of the quota."""
    return ratio(revenue, quota, "the quota is 0")


def quota_of(parts: Parts) -> Number:
    """The quota that falls into the period."""
    if not parts["quotas"]:
        raise Unknown("no quota is on record for this period")
    if parts["unrated_quota"]:
        raise Unknown(no_rate(parts["unrated_quota"]))
    return parts["quota"]  # type: ignore[no-any-return]


METRICS = (
    Metric(
        "quota_attainment", "Quota attainment", "share",
        "revenue ÷ quota of the period; of a quota for a longer time, the part of the time that falls into the period",
        (*ON_RECORD, "quotas"),
        "no value without a quota for the period; the company's quota counts, or else the teams', or else the people's",
        ("deals", "outcomes", "quotas"), (CLOSED, QUOTA), {"revenue": "revenue", "quota": "quota"},
        lambda parts: attainment(revenue_of(parts), quota_of(parts)),
    ),
)  # fmt: skip
