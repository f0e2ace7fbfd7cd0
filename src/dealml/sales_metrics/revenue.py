"""Revenue, the size of deals, and how many of them are won."""

from __future__ import annotations

from dealml.sales_metrics.metric import MetricInputs, MetricQuery, NoValue, Number, SalesMetric, ratio

CLOSED = MetricQuery("""
    SELECT period_index, {group} AS grp, count(*) FILTER (WHERE outcome = 'won') AS won, count(*) FILTER (WHERE outcome = 'lost') AS lost,
           coalesce(sum(money) FILTER (WHERE outcome = 'won'), 0) AS revenue,
           count(money) FILTER (WHERE outcome = 'won') AS priced,
           min(unrated) FILTER (WHERE outcome = 'won') AS unrated,
           count(created_at) FILTER (WHERE outcome = 'won') AS timed,
           coalesce(sum(epoch_us(fact_at) - epoch_us(created_at)) FILTER (WHERE outcome = 'won'), 0) AS microseconds
    FROM period JOIN closed ON fact_at >= since AND fact_at < until AND (next_at IS NULL OR next_at >= until) GROUP BY ALL""")
CREATED = MetricQuery("""
    SELECT period_index, {group} AS grp, count(*) AS deals FROM period JOIN deal ON created_at >= since AND created_at < until
    GROUP BY ALL""")
ON_RECORD = ("deals", "outcomes", "deal_changes: amount, currency", "rates")
_US_A_DAY = 86_400_000_000


def growth(now: Number, before: Number) -> float:
    """By which share revenue grew over the period before."""
    return ratio(float(now) - float(before), before, "nothing was won in the period before")


def average_size(revenue: Number, won: Number) -> float:
    """Revenue of the average won deal."""
    return ratio(revenue, won, "no deal was won")


def win_rate(won: Number, lost: Number) -> float:
    """Share of won among closed deals."""
    return ratio(won, float(won) + float(lost), "no deal was closed")


def cycle_days(days: Number, won: Number) -> float:
    """Days from a deal's creation to its win, on average."""
    return ratio(days, won, "no deal was won whose creation is on record")


def opportunity_conversion(won: Number, created: Number) -> float:
    """Deals won for each deal created."""
    return ratio(won, created, "no deal was created")


def revenue_of(parts: MetricInputs, numbers: str = "now") -> Number:
    """The revenue of a period, or of the one before; nothing won is 0."""
    deals = getattr(parts, numbers)
    if deals["unrated"]:
        raise NoValue(no_rate(deals["unrated"]))
    if deals["won"] and not deals["priced"]:
        raise NoValue("no won deal has an amount")
    return deals["revenue"]  # type: ignore[no-any-return]


def no_rate(currency: str) -> str:
    """What is said where a currency's rate is missing."""
    return f"no rate of {currency} was on record on the day of one of the amounts; import rates that reach back that far"


def _growth(parts: MetricInputs) -> float:
    if parts.begin > parts.previous.start:
        raise NoValue(f"the data begin with a deal of {parts.begin:%Y-%m-%d}, so the period before is not whole")
    return growth(revenue_of(parts), revenue_of(parts, "before"))


def size_of(parts: MetricInputs) -> float:
    """The average size of a won deal; deals without an amount do not count."""
    return average_size(revenue_of(parts), parts["priced"])


def cycle_of(parts: MetricInputs) -> float:
    """The average length of a won deal's cycle, in days."""
    return cycle_days(parts["microseconds"] / _US_A_DAY, parts["timed"])


def _unpriced(parts: MetricInputs) -> str:
    without = parts["won"] - parts["priced"]
    return f"{without:,} won deals have no amount and count as nothing" if without else ""


METRICS = (
    SalesMetric(
        "total_revenue", "Total revenue", "{currency}",
        "sum of the amounts of the deals won in the period",
        ON_RECORD, "0 where nothing was won; no value where no won deal has an amount or a currency has no rate",
        ("deals", "outcomes"), (CLOSED,), {"won": "deals won"}, revenue_of, _unpriced,
    ),
    SalesMetric(
        "revenue_growth", "Revenue growth", "share",
        "(revenue − revenue of the period before, which is as long) ÷ revenue of the period before",
        ON_RECORD, "no value where nothing was won before, or the data begin within the period before",
        ("deals", "outcomes"), (CLOSED,), {"revenue": "revenue"}, _growth,
    ),
    SalesMetric(
        "average_deal_size", "Average deal size", "{currency}",
        "revenue ÷ deals won that have an amount",
        ON_RECORD, "no value where nothing was won; deals without an amount are left out, and counted in a note",
        ("deals", "outcomes"), (CLOSED,), {"revenue": "revenue", "priced": "deals won"}, size_of, _unpriced,
    ),
    SalesMetric(
        "opportunity_conversion", "Opportunity conversion", "share",
        "deals won in the period ÷ deals created in the period",
        ("deals", "outcomes"), "no value where no deal was created; above 1 where more old deals were won than new ones created",
        ("deals", "outcomes"), (CLOSED, CREATED), {"won": "deals won", "deals": "deals created"},
        lambda parts: opportunity_conversion(parts["won"], parts["deals"]),
    ),
    SalesMetric(
        "win_rate", "Win rate", "share",
        "deals won ÷ (deals won + deals lost), of the deals closed in the period",
        ("deals", "outcomes"), "no value where no deal was closed; a deal reopened within the period is not closed",
        ("deals", "outcomes"), (CLOSED,), {"won": "deals won", "lost": "deals lost"},
        lambda parts: win_rate(parts["won"], parts["lost"]),
    ),
    SalesMetric(
        "sales_cycle", "Sales cycle length", "days",
        "mean days from a deal's creation to its win, over the deals won in the period",
        ("deals", "outcomes"), "no value where nothing was won",
        ("deals", "outcomes"), (CLOSED,), {"timed": "deals won"}, cycle_of,
    ),
)  # fmt: skip
