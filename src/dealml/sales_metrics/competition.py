"""Who was involved in won deals, and the competitors that deals were lost to."""

from __future__ import annotations

from collections.abc import Mapping

from dealml.sales_metrics.metric import MetricInputs, MetricQuery, NoValue, Number, SalesMetric, ratio

_WON = "fact_at >= since AND fact_at < until AND (next_at IS NULL OR next_at >= until) AND outcome = 'won'"
INVOLVED = MetricQuery(f"""
    SELECT period_index, {{group}} AS grp, count(*) AS won_deals, coalesce(sum(makers), 0) AS makers,
           EXISTS (SELECT 1 FROM maker) AS any_maker
    FROM period JOIN closed ON {_WON} LEFT JOIN involved USING (deal_id, fact_at) GROUP BY ALL""")
SHARED = MetricQuery(f"""
    SELECT period_index, {{group}} AS grp, count(*) AS won_deals, coalesce(sum(assets), 0) AS assets,
           EXISTS (SELECT 1 FROM sharing) AS any_asset
    FROM period JOIN closed ON {_WON} LEFT JOIN shared USING (deal_id, fact_at) GROUP BY ALL""")
LOST = MetricQuery("""
    WITH losses AS (
        SELECT period_index, {group} AS grp, count(*) AS lost,
               coalesce(competitor, CASE WHEN lower(reason) LIKE '%competitor%' THEN 'not named' END) AS rival
        FROM period JOIN closed ON fact_at >= since AND fact_at < until AND (next_at IS NULL OR next_at >= until)
        WHERE outcome = 'lost' GROUP BY ALL)
    SELECT period_index, grp, coalesce(sum(lost) FILTER (WHERE rival IS NOT NULL), 0) AS lost_to,
           coalesce(list({{'rival': rival, 'lost': lost}} ORDER BY lost DESC, rival) FILTER (WHERE rival IS NOT NULL), []) AS rivals
    FROM losses GROUP BY ALL""")
NAMED_RIVAL = MetricQuery(
    "SELECT period_index, '' AS grp, true AS told FROM period WHERE EXISTS (SELECT 1 FROM outcomes WHERE competitor IS NOT NULL)",
    splits=(),
    whole=True,
)


def per_won_deal(count: Number, won: Number) -> float:
    """How many there were for each won deal."""
    return ratio(count, won, "no deal was won")


def _makers(parts: MetricInputs) -> float:
    if parts["won_deals"] and not parts["any_maker"]:
        raise NoValue("no economic buyer, executive or decision maker is on record")
    return per_won_deal(parts["makers"], parts["won_deals"])


def _assets(parts: MetricInputs) -> float:
    if parts["won_deals"] and not parts["any_asset"]:
        raise NoValue("no shared asset is on record")
    return per_won_deal(parts["assets"], parts["won_deals"])


def _lost_to(parts: MetricInputs) -> Number:
    if not parts["told"]:
        raise NoValue("no outcome in the ledger names a competitor")
    return parts["lost_to"]  # type: ignore[no-any-return]


def _rivals(parts: MetricInputs) -> Mapping[str, Number]:
    return {row["rival"]: row["lost"] for row in parts["rivals"] or ()}


METRICS = (
    SalesMetric(
        "decision_makers", "Decision makers involved", "people per won deal",
        "economic buyers, executives and decision makers on record as engaged (level 1 or more, or no level) by the win ÷ deals won",
        ("outcomes", "stakeholders: contact_id, role, engagement"),
        "no value where nothing was won, or the ledger tells of no such role; a won deal without any counts as 0",
        ("outcomes", "stakeholders"), (INVOLVED,), {"makers": "decision makers", "won_deals": "deals won"}, _makers,
    ),
    SalesMetric(
        "assets_used", "Assets used per won deal", "assets per won deal",
        "times that an asset was shared with the buyer by the win ÷ deals won",
        ("outcomes", "activities: asset"),
        "no value where nothing was won, or the ledger tells of no asset; a won deal without any counts as 0",
        ("outcomes", "activities"), (SHARED,), {"assets": "assets shared", "won_deals": "deals won"}, _assets,
    ),
    SalesMetric(
        "lost_to_competitors", "Deals lost to each competitor", "deals",
        "deals lost in the period whose outcome names the competitor, for each; `not named` where only the reason says that it was one",
        ("outcomes: competitor, reason",),
        "no value where no outcome in the ledger names a competitor; 0 where none was lost to one",
        ("outcomes",), (LOST, NAMED_RIVAL), {}, _lost_to, items=_rivals,
    ),
)  # fmt: skip
