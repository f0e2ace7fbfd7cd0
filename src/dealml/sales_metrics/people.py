"""The sales force, on average: no figure here is about a person."""

from __future__ import annotations

from dealml.sales_metrics.metric import MetricInputs, MetricQuery, NoValue, Number, SalesMetric, ratio
from dealml.sales_metrics.revenue import CLOSED, ON_RECORD, revenue_of

LEAST_PEOPLE = 3
"""An average over fewer would be about persons."""
HOURS_A_DAY = 8

REPS = MetricQuery("""
    WITH live AS (
        SELECT period_index, deal.deal_id, until, segment, team, source FROM period JOIN deal ON deal.created_at < until
        WHERE NOT EXISTS (
            SELECT 1 FROM closing WHERE closing.deal_id = deal.deal_id AND outcome IN ('won', 'lost')
            AND fact_at < since AND (next_at IS NULL OR next_at >= since))),
    owned AS (
        SELECT period_index, deal_id, segment, team, source, arg_max(text, _order) AS owner
        FROM live JOIN (SELECT deal_id, text, occurred_at, _order FROM deal_changes WHERE field = 'owner' AND text IS NOT NULL) told
        USING (deal_id) WHERE occurred_at < until GROUP BY ALL)
    SELECT period_index, {group} AS grp, count(DISTINCT owner) AS reps FROM owned GROUP BY ALL""")
HOURS = MetricQuery(
    """
    SELECT period_index, {group} AS grp, count(DISTINCT person) AS busy,
           count(minutes) FILTER (WHERE deal_id IS NOT NULL) AS measured,
           coalesce(sum(minutes::DECIMAL(18, 4)) FILTER (WHERE deal_id IS NOT NULL), 0) AS minutes
    FROM period JOIN activities ON occurred_at >= since AND occurred_at < until WHERE person IS NOT NULL GROUP BY ALL""",
    splits=(),
)


def productivity(revenue: Number, reps: Number) -> float:
    """Revenue for each salesperson."""
    return ratio(revenue, reps, "no owner of a deal is on record")


def selling_share(hours: Number, working_hours: Number) -> float:
    """Hours spent selling as a share of working hours."""
    return ratio(hours, working_hours, "the period has no working day")


def _of_enough(people: int) -> int:
    if 0 < people < LEAST_PEOPLE:
        raise NoValue(f"fewer than {LEAST_PEOPLE} people: an average of so few would be about persons")
    return people


def _selling(parts: MetricInputs) -> float:
    if not parts["measured"]:
        raise NoValue("no activity with a deal says who of us did it and how long it took")
    return selling_share(parts["minutes"] / 60, _of_enough(parts["busy"]) * working_days(parts) * HOURS_A_DAY)


def working_days(parts: MetricInputs) -> int:
    """Days from Monday to Friday in the period, as far as it had gone by."""
    import numpy as np

    return int(np.busday_count(parts.period.start.date(), min(parts.period.end, parts.as_of).date()))


METRICS = (
    SalesMetric(
        "rep_productivity", "Rep productivity", "{currency} a salesperson",
        "revenue ÷ people who owned a deal that was open at some time in the period or closed in it: an average, never a ranking",
        (*ON_RECORD, "deal_changes: owner"),
        f"no value without owners, or with fewer than {LEAST_PEOPLE} of them, as it would be about persons",
        ("deals", "outcomes"), (CLOSED, REPS), {"revenue": "revenue", "reps": "people"},
        lambda parts: productivity(revenue_of(parts), _of_enough(parts["reps"])),
    ),
    SalesMetric(
        "time_selling", "Time spent selling", "share",
        f"hours of activities with a deal ÷ (people of ours who logged any activity × working days × {HOURS_A_DAY} hours), in the period; "
        "Monday to Friday are working days",
        ("activities: person, minutes, deal_id",),
        f"no value where no activity says who and how long, or fewer than {LEAST_PEOPLE} people did any; one without minutes took none",
        ("activities",), (HOURS,), {"minutes": "minutes", "busy": "people"}, _selling,
    ),
)  # fmt: skip
