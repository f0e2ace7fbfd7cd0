"""Customers: what winning one costs and brings, and how many stay."""

from __future__ import annotations

from dealml.sales_metrics.metric import MetricInputs, MetricQuery, NoValue, Number, SalesMetric, ratio
from dealml.sales_metrics.quotas import INSIDE, PORTION
from dealml.sales_metrics.revenue import no_rate

DAYS_A_YEAR, MONTHS_A_YEAR = 365.25, 12

STANDING = MetricQuery("""
    WITH known AS (
        SELECT period_index, account_id, segment, team, source,
               coalesce(sum(CASE event WHEN 'start' THEN 1 ELSE -1 END) FILTER (WHERE fact_at < since), 0) > 0 AS before,
               sum(CASE event WHEN 'start' THEN 1 ELSE -1 END) > 0 AS after
        FROM period JOIN paid ON fact_at < until WHERE event IN ('start', 'cancellation') GROUP BY ALL)
    SELECT period_index, {group} AS grp, count(*) FILTER (WHERE before) AS at_start, count(*) FILTER (WHERE before AND NOT after) AS left_us
    FROM known GROUP BY ALL""")
NEW = MetricQuery("""
    SELECT period_index, {group} AS grp, count(*) AS new_customers, coalesce(sum(arr), 0) AS new_arr,
           count(*) FILTER (WHERE priced > 0) AS new_priced, min(unrated) AS unrated_new
    FROM period JOIN newcomer ON fact_at >= since AND fact_at < until GROUP BY ALL""")
_SPENT = f"""
    SELECT period_index, {{{{group}}}} AS grp, coalesce(sum({PORTION}), 0) AS {{name}}, min(unrated) AS unrated_{{name}}
    FROM period JOIN cost ON ({INSIDE}) > 0 WHERE lower(kind) IN {{kinds}} GROUP BY ALL"""
# The services that a deal sells are delivered once: they are a cost of that deal, and no part of what serving customers costs.
WINNING = MetricQuery(f"""
    WITH spent AS ({_SPENT.format(name="acquisition", kinds="('sales', 'marketing')")})
    SELECT *, coalesce(sum(acquisition) FILTER (WHERE grp = 'not given') OVER (PARTITION BY period_index), 0) AS unplaced FROM spent""")
SERVING = MetricQuery(_SPENT.format(name="serving", kinds="('service', 'services') AND NOT is_of_deal"), splits=(), whole=True)
_RUNNING = """
    SELECT period_index, {{group}} AS grp, coalesce(sum(money) FILTER (WHERE edge = 'start'), 0) AS {at_start},
           coalesce(sum(money) FILTER (WHERE edge = 'end'), 0) AS {at_end}, min(unrated) AS {unrated}
    FROM running GROUP BY ALL"""
RUNNING = MetricQuery(_RUNNING.format(at_start="arr", at_end="arr_at_end", unrated="unrated_arr"))
ALL_RUNNING = MetricQuery(_RUNNING.format(at_start="all_arr", at_end="all_arr_at_end", unrated="unrated_all"), splits=(), whole=True)


def cac(costs: Number, new_customers: Number) -> float:
    """What winning one customer cost."""
    return ratio(costs, new_customers, "no new customer was won")


def gross_margin(recurring_revenue: Number, serving_costs: Number) -> float:
    """The share of recurring revenue that serving customers leaves."""
    return 1 - ratio(serving_costs, recurring_revenue, "no recurring revenue is on record")


def cac_payback(cac: Number, monthly_revenue: Number, margin: Number) -> float:
    """Months until a new customer's gross margin has paid for winning it."""
    if float(monthly_revenue) * float(margin) <= 0:
        raise NoValue("a new customer leaves no gross margin")
    return float(cac) / (float(monthly_revenue) * float(margin))


def cltv(yearly_revenue: Number, margin: Number, yearly_churn: Number) -> float:
    """The gross margin of a customer over its expected life, which is 1 ÷ churn years."""
    return ratio(float(yearly_revenue) * float(margin), yearly_churn, "no customer left, so a customer's life has no known end")


def churn(lost: Number, at_start: Number) -> float:
    """Share of the customers at the start that were lost; new customers have no part in it."""
    return ratio(lost, at_start, "there was no customer at the start")


def retention(stayed: Number, at_start: Number) -> float:
    """Share of the customers at the start that are customers at the end."""
    return ratio(stayed, at_start, "there was no customer at the start")


def _cac(parts: MetricInputs) -> float:
    if parts["unrated_acquisition"]:
        raise NoValue(no_rate(parts["unrated_acquisition"]))
    if not parts["acquisition"]:
        raise NoValue("no sales or marketing costs are on record for it")
    return cac(parts["acquisition"], parts["new_customers"])


def _margin(parts: MetricInputs) -> float:
    if not parts["serving"]:
        return 1.0
    for name in ("unrated_all", "unrated_serving"):
        if parts[name]:
            raise NoValue(no_rate(parts[name]))
    # A year's revenue, as much of it as falls into the period: what ran on average at its two ends.
    recurring = float(parts["all_arr"] + parts["all_arr_at_end"]) / 2 * parts.period.days / DAYS_A_YEAR
    return gross_margin(recurring, parts["serving"])


def _payback(parts: MetricInputs) -> float:
    cost = _cac(parts)
    if parts["unrated_new"]:
        raise NoValue(no_rate(parts["unrated_new"]))
    if not parts["new_priced"]:
        raise NoValue("no new customer's recurring revenue is on record")
    return cac_payback(cost, float(parts["new_arr"]) / parts["new_priced"] / MONTHS_A_YEAR, _margin(parts))


def _cltv(parts: MetricInputs) -> float:
    if parts["unrated_arr"]:
        raise NoValue(no_rate(parts["unrated_arr"]))
    if parts["at_start"] and not parts["arr"]:
        raise NoValue("no customer's recurring revenue is on record")
    yearly_churn = _churn(parts) * DAYS_A_YEAR / parts.period.days
    return cltv(float(parts["arr"]) / parts["at_start"], _margin(parts), yearly_churn)


def _churn(parts: MetricInputs) -> float:
    return churn(parts["left_us"], parts["at_start"])


def _unplaced(parts: MetricInputs) -> str:
    shared = parts["unplaced"] if parts.group else 0
    return f"{shared:,.0f} of costs name no such group and are in none of the others" if shared else ""


def _assumed_margin(parts: MetricInputs) -> str:
    return "" if parts["serving"] else "no costs of service on record: the gross margin counts as 100%"


def _payback_note(parts: MetricInputs) -> str:
    return "; ".join(filter(None, (_unplaced(parts), _assumed_margin(parts))))


_COSTS = ("costs: sales, marketing", "rates")
METRICS = (
    SalesMetric(
        "cac", "CAC (customer acquisition cost)", "{currency}",
        "costs of sales and marketing for the period ÷ customers whose first subscription began in it",
        (*_COSTS, "subscriptions"),
        "no value without such costs or new customers; without subscriptions a new customer is an account's first won deal; of a cost "
        "for a longer time, the part that falls into the period counts; costs that name no group are in no group's CAC, and a note says so",
        ("costs",), (WINNING, NEW), {"acquisition": "costs", "new_customers": "new customers"}, _cac, _unplaced,
    ),
    SalesMetric(
        "cac_payback", "CAC payback", "months",
        "CAC ÷ (monthly recurring revenue of a new customer × gross margin); the gross margin is 1 − costs of service ÷ recurring "
        "revenue, of the whole company in the period",
        (*_COSTS, "costs: service", "subscriptions: arr"),
        "no value without CAC or recurring revenue, or where the margin is 0 or less; without costs of service the margin is 100%",
        ("costs", "subscriptions"), (WINNING, NEW, SERVING, ALL_RUNNING),
        {"acquisition": "costs", "new_customers": "new customers", "new_arr": "their revenue a year"}, _payback, _payback_note,
    ),
    SalesMetric(
        "cltv", "CLTV (customer lifetime value)", "{currency}",
        "recurring revenue a year of the average customer at the period's start × gross margin ÷ churn rate a year, "
        "which is the period's × 365.25 ÷ its days",
        ("subscriptions: arr", "costs: service", "rates"),
        "no value where nobody left or there was no customer at the start; without costs of service the margin counts as 100%",
        ("subscriptions",), (STANDING, RUNNING, SERVING, ALL_RUNNING),
        {"at_start": "customers at start", "arr": "their revenue a year", "left_us": "lost"}, _cltv, _assumed_margin,
    ),
    SalesMetric(
        "churn_rate", "Churn rate", "share",
        "customers at the period's start that were none at its end ÷ customers at its start; new customers are not subtracted",
        ("subscriptions",), "no value without subscriptions, or where there was no customer at the start; 0 where all stayed",
        ("subscriptions",), (STANDING,), {"left_us": "lost", "at_start": "customers at start"}, _churn,
    ),
    SalesMetric(
        "retention", "Retention", "share",
        "customers at the period's start that were customers at its end ÷ customers at its start (1 − churn rate)",
        ("subscriptions",), "no value without subscriptions, or where there was no customer at the start",
        ("subscriptions",), (STANDING,), {"left_us": "lost", "at_start": "customers at start"},
        lambda parts: retention(parts["at_start"] - parts["left_us"], parts["at_start"]),
    ),
)  # fmt: skip
