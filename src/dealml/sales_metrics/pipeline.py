"""The pipeline: its velocity, whether it covers the quota, and how accurate the forecast was."""

from __future__ import annotations

from dealml.sales_metrics.metric import MetricInputs, MetricQuery, NoValue, Number, SalesMetric, ratio
from dealml.sales_metrics.quotas import QUOTA, quota_of
from dealml.sales_metrics.revenue import CLOSED, CREATED, ON_RECORD, cycle_of, no_rate, revenue_of, size_of, win_rate

OPEN = MetricQuery("""
    WITH due AS (
        SELECT *, close_date < until OR NOT EXISTS (SELECT 1 FROM deal_changes WHERE field = 'close_date') AS is_due,
               lower(category) = 'commit' AS is_commit
        FROM pipeline)
    SELECT period_index, {group} AS grp, count(*) FILTER (WHERE is_due) AS open_deals,
           coalesce(sum(money) FILTER (WHERE is_due), 0) AS pipeline, min(unrated) FILTER (WHERE is_due) AS unrated_pipeline,
           count(category) AS categorised, count(*) FILTER (WHERE is_due AND is_commit) AS committed,
           coalesce(sum(money) FILTER (WHERE is_due AND is_commit), 0) AS commit
    FROM due GROUP BY ALL""")


def velocity(qualified: Number, conversion: Number, size: Number, days: Number) -> float:
    """Money a day that the pipeline brings: qualified × conversion × average size ÷ cycle length."""
    return ratio(float(qualified) * float(conversion) * float(size), days, "the sales cycle took no time")


def coverage(pipeline: Number, quota: Number) -> float:
    """How many times the open pipeline covers the quota."""
    return ratio(pipeline, quota, "the quota is 0")


def accuracy(actual: Number, forecast: Number) -> float:
    """1 − |actual − forecast| ÷ actual; below 0 where the forecast missed by more than all that was won."""
    return 1 - ratio(abs(float(actual) - float(forecast)), actual, "nothing was won")


def _velocity(parts: MetricInputs) -> float:
    return velocity(parts["deals"], win_rate(parts["won"], parts["lost"]), size_of(parts), cycle_of(parts))


def _pipeline(parts: MetricInputs) -> Number:
    if parts["unrated_pipeline"]:
        raise NoValue(no_rate(parts["unrated_pipeline"]))
    return parts["pipeline"]  # type: ignore[no-any-return]


def _accuracy(parts: MetricInputs) -> float:
    if not parts.over:
        raise NoValue("the period was not over then")
    if not parts["categorised"]:
        raise NoValue("no open deal had a forecast category at the period's start")
    return accuracy(revenue_of(parts), forecast_of(parts))


def forecast_of(parts: MetricInputs) -> Number:
    """The forecast of record: what was committed at the period's start."""
    _pipeline(parts)
    return parts["commit"]  # type: ignore[no-any-return]


METRICS = (
    SalesMetric(
        "pipeline_velocity", "Pipeline velocity", "{currency} a day",
        "deals created in the period (each a qualified opportunity) × win rate × average deal size ÷ sales cycle length",
        ON_RECORD, "no value where one of its parts has none, or the cycle took no time",
        ("deals", "outcomes"), (CLOSED, CREATED), {"deals": "deals created", "won": "deals won", "lost": "deals lost"}, _velocity,
    ),
    SalesMetric(
        "pipeline_coverage", "Pipeline coverage", "times",
        "amounts of the deals that were open at the period's start and due to close before its end ÷ quota of the period",
        (*ON_RECORD, "deal_changes: close_date", "quotas"),
        "no value without a quota; in a ledger without close dates every open deal is due; deals without an amount count as nothing",
        ("deals", "quotas"), (OPEN, QUOTA), {"open_deals": "open deals", "pipeline": "open pipeline", "quota": "quota"},
        lambda parts: coverage(_pipeline(parts), quota_of(parts)),
    ),
    SalesMetric(
        "forecast_accuracy", "Forecast accuracy", "share",
        "1 − |actual − forecast| ÷ actual; actual is the revenue, forecast what was in the category commit at the period's start "
        "and due to close before its end, unless a stored forecast is given",
        (*ON_RECORD, "deal_changes: forecast_category, close_date"),
        "no value where nothing was won, the period is not over, or no deal had a category; below 0 where it misses by more than that",
        ("deals", "outcomes"), (CLOSED, OPEN), {"revenue": "revenue", "forecast_used": "forecast"}, _accuracy,
    ),
)  # fmt: skip
