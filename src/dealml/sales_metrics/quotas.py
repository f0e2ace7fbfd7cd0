"""Quotas: what was aimed at, and how much of it was reached."""

from __future__ import annotations

from dealml.sales_metrics.metric import MetricInputs, MetricQuery, NoValue, Number, SalesMetric, ratio
from dealml.sales_metrics.revenue import CLOSED, ON_RECORD, no_rate, revenue_of

_AT_ONCE = "period_start IS NULL OR period_end IS NULL"
INSIDE = f"""
    CASE WHEN {_AT_ONCE} THEN (fact_at >= since AND fact_at < until)::BIGINT
         ELSE greatest(epoch_us(least(period_end, until)) - epoch_us(greatest(period_start, since)), 0) END"""
"""How many microseconds of the time that something is for lie within a period; 0 or 1 where it is for no time."""

_LENGTH = f"CASE WHEN {_AT_ONCE} THEN 1 ELSE greatest(epoch_us(period_end) - epoch_us(period_start), 1) END"
_CENTS = "sign(money)::HUGEINT * ((2 * (100 * abs(money))::HUGEINT * ({inside}) + ({length})) // (2 * ({length})))"
PORTION = f"({_CENTS.format(inside=INSIDE, length=_LENGTH)})::DECIMAL(36, 0) * 0.01::DECIMAL(2, 2)"
"""The money of that part, rounded to the cent in whole numbers."""

QUOTA = MetricQuery(
    f"""
    WITH falling AS (
        SELECT period_index, {{group}} AS grp, level, unrated, {PORTION} AS part
        FROM period JOIN quota ON ({INSIDE}) > 0 WHERE '{{way}}' = '' OR level > 0),
    ranked AS (SELECT *, min(level) OVER (PARTITION BY period_index, grp) AS coarsest FROM falling)
    SELECT period_index, grp, count(*) AS quotas, coalesce(sum(part), 0) AS quota, min(unrated) AS unrated_quota
    FROM ranked WHERE level = coarsest GROUP BY ALL""",
    splits=("team",),
)
"""Quotas of the company, or else of its teams, or else of its people: never two of them together."""


def attainment(revenue: Number, quota: Number) -> float:
    """Revenue as a share of the quota."""
    return ratio(revenue, quota, "the quota is 0")


def quota_of(parts: MetricInputs) -> Number:
    """The quota that falls into the period."""
    if not parts["quotas"]:
        raise NoValue("no quota is on record for this period")
    if parts["unrated_quota"]:
        raise NoValue(no_rate(parts["unrated_quota"]))
    return parts["quota"]  # type: ignore[no-any-return]


METRICS = (
    SalesMetric(
        "quota_attainment", "Quota attainment", "share",
        "revenue ÷ quota of the period; of a quota for a longer time, the part of the time that falls into the period",
        (*ON_RECORD, "quotas"),
        "no value without a quota for the period; the company's quota counts, or else the teams', or else the people's",
        ("deals", "outcomes", "quotas"), (CLOSED, QUOTA), {"revenue": "revenue", "quota": "quota"},
        lambda parts: attainment(revenue_of(parts), quota_of(parts)),
    ),
)  # fmt: skip
