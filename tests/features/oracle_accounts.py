"""The account features once more, slow and obvious: loops over lists of dicts.

`history` maps a table's name to its rows. Nothing here is shared with the engine.
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

from tests.features.oracle_view import DAY, Row, View, by_record, given, last, least, mean, minus, most, ratio, total, zero

USUAL = 0.2


def usage(view: View) -> Row:
    """features/usage.py."""

    def use(days: int, before: int = 0) -> Any:
        return zero(total(view.within("usage", days, before), "quantity"))

    def users(rows: list[Row]) -> Any:
        return most(given(rows, "users"))

    recent = [row for row in view.within("usage", 90) if row["quantity"] is not None]
    aged = sum(row["quantity"] * view.ago(row) for row in recent) if recent else None
    used = [row for row in view.past("usage") if row["quantity"] is not None and row["quantity"] > 0]
    ages = [view.ago(row) for row in used]
    now, peak, before = users(view.within("usage", 30)), users(view.past("usage")), users(view.within("usage", 90, 30))
    return {
        "usage_7d": use(7),
        "usage_30d": use(30),
        "usage_90d": use(90),
        "usage_quarter_before": use(90, 30),
        "usage_half_year_before": use(180, 30),
        "usage_trend_quarter": ratio(use(30) / 30, use(90, 30) / 90),
        "usage_trend_half_year": ratio(use(30) / 30, use(180, 30) / 180),
        "usage_trend_month": ratio(use(7) / 7, use(30) / 30),
        "usage_mean_age_90d": ratio(aged, total(recent, "quantity")),
        "usage_days_30d": len({math.ceil(age) for age in ages if age <= 30}),
        "days_since_use": least(ages),
        "days_since_first_use": most(ages),
        "active_users_30d": now,
        "active_users_peak": peak,
        "active_users_quarter_before": before,
        "active_users_of_peak": ratio(now, peak),
        "active_users_trend": ratio(now, before),
    }


def steps(view: View, column: str) -> list[Row]:
    """A subscription's level after each event and how that changed it, in the order of recording."""
    found, held = [], {}
    for row in sorted(view.known("subscriptions"), key=by_record):
        level = 0 if row["event"] == "cancellation" else row[column]
        if level is not None:
            change = level - held.get(row["subscription_id"], 0)
            held[row["subscription_id"]] = level
            found.append(row | {"level": level, "change": change})
    return found


def subscription(view: View) -> Row:
    """features/subscription.py."""
    past = view.past("subscriptions")

    def happenings(event: str, rows: list[Row] = past) -> int:
        return len([row for row in rows if row["event"] == event])

    money = [row for row in steps(view, "arr") if view.ago(row) > 0]
    arr = total(money, "change")
    before = total([row for row in money if view.ago(row) >= 365], "change")
    started = total([row for row in money if row["event"] == "start"], "level")
    seats = total([row for row in steps(view, "seats") if view.ago(row) > 0], "change")
    given_up = total([row for row in money if row["change"] < 0], "change")
    ends = [(row["term_end"] - view.as_of) / DAY for row in view.known("subscriptions") if row["term_end"] is not None]
    latest_end = last([row["term_end"] for row in past if row["term_end"] is not None])
    return {
        "tenure_days": most([view.ago(row) for row in past]),
        "subscriptions_held": happenings("start") - happenings("cancellation"),
        "arr": arr,
        "arr_year_before": before,
        "arr_started": started,
        "seats": seats,
        "arr_growth_year": minus(ratio(arr, before), 1),
        "arr_growth_start": minus(ratio(arr, started), 1),
        "arr_given_up": -zero(given_up),
        "arr_given_up_share": ratio(-zero(given_up), minus(arr, zero(given_up))),
        "arr_per_seat": ratio(arr, seats),
        "subscription_plan": last(given([row for row in past if row["event"] != "cancellation"], "plan")),
        "days_to_term_end": None if latest_end is None else (latest_end - view.as_of) / DAY,
        "days_to_next_term_end": least([days for days in ends if days >= 0]),
        "renewals": happenings("renewal"),
        "expansions": happenings("expansion"),
        "contractions": happenings("contraction"),
        "contractions_180d": happenings("contraction", view.within("subscriptions", 180)),
        "cancellations": happenings("cancellation"),
        "days_since_subscription_event": least([view.ago(row) for row in past]),
        "days_since_expansion": least([view.ago(row) for row in past if row["event"] == "expansion"]),
    }


def satisfaction(view: View) -> Row:
    """features/satisfaction.py."""
    past = view.past("surveys")

    def scores(survey: str) -> list[float]:
        return given([row for row in past if row["survey"] == survey], "score")

    nps, csat, esat = scores("nps"), scores("csat"), scores("esat")
    return {
        "nps_latest": last(nps),
        "nps_first": nps[0] if nps else None,
        "nps_average": mean(nps),
        "nps_since_first": minus(last(nps), nps[0] if nps else None),
        "nps_against_average": minus(last(nps), mean(nps)),
        "detractor_share": mean([1 if score <= 6 else 0 for score in nps]),
        "promoter_share": mean([1 if score >= 9 else 0 for score in nps]),
        "csat_latest": last(csat),
        "csat_average": mean(csat),
        "csat_against_average": minus(last(csat), mean(csat)),
        "esat_latest": last(esat),
        "esat_average": mean(esat),
        "esat_against_average": minus(last(esat), mean(esat)),
        "days_since_survey": least([view.ago(row) for row in past]),
        "survey_answers_365d": len(view.within("surveys", 365)),
        "survey_people": len(set(given(past, "contact_id"))),
    }


def support(view: View) -> Row:
    """features/support.py."""

    def those(event: str, rows: list[Row], urgent: bool = False) -> list[Row]:
        return [row for row in rows if row["event"] == event and (not urgent or (row["severity"] or 0) >= 4)]

    def still_open(urgent: bool) -> int:
        past = view.past("tickets")
        return max(0, len(those("opened", past, urgent)) - len(those("resolved", past, urgent)))

    month, quarter = (those("opened", view.within("tickets", days)) for days in (30, 90))
    before = those("opened", view.within("tickets", 90, 30))
    return {
        "tickets_open": still_open(urgent=False),
        "urgent_tickets_open": still_open(urgent=True),
        "tickets_30d": len(month),
        "tickets_90d": len(quarter),
        "tickets_quarter_before": len(before),
        "tickets_trend": len(month) - len(before) / 3,
        "urgent_tickets_90d": len(those("opened", view.within("tickets", 90), urgent=True)),
        "ticket_severity_90d": mean(given(quarter, "severity")),
        "escalations_90d": len(those("escalated", view.within("tickets", 90))),
        "escalations_365d": len(those("escalated", view.within("tickets", 365))),
        "hours_to_resolve": mean(given(those("resolved", view.within("tickets", 365)), "hours")),
        "longest_hours_to_resolve_90d": most(given(those("resolved", view.within("tickets", 90)), "hours")),
        "days_since_ticket": least([view.ago(row) for row in those("opened", view.past("tickets"))]),
        "tickets_per_seat": ratio(len(quarter), subscription(view)["seats"]),
    }


def adoption(view: View) -> Row:
    """features/adoption.py."""

    def parts(rows: list[Row]) -> int:
        return len({row["metric"] for row in rows if row["metric"] is not None and (row["quantity"] or 0) > 0})

    past = view.past("usage")
    month, four_months, ever = parts(view.within("usage", 30)), parts(view.within("usage", 120)), parts(past)
    earlier = parts([row for row in past if view.ago(row) > 90])
    so_far: dict[str, float] = {}
    peaks, whole = [], []
    for row in sorted(view.known("usage"), key=by_record):
        if row["metric"] is not None and row["quantity"] is not None:
            so_far[row["metric"]] = so_far.get(row["metric"], 0) + row["quantity"]
            peaks.append(so_far[row["metric"]])
            whole.append(row["quantity"])
    seats = subscription(view)["seats"]
    return {
        "parts_used_30d": month,
        "parts_used_90d": parts(view.within("usage", 90)),
        "parts_used_120d": four_months,
        "parts_used_ever": ever,
        "parts_used_a_quarter_ago": earlier,
        "parts_still_used": ratio(month, ever),
        "parts_dropped": four_months - month,
        "parts_taken_up_90d": ever - earlier,
        "main_part_use": most(peaks),
        "all_use": sum(whole) if whole else None,
        "main_part_share": ratio(most(peaks), sum(whole)),
        "usage_per_seat": ratio(zero(total(view.within("usage", 30), "quantity")), seats),
        "seats_in_use": ratio(most(given(view.within("usage", 30), "users")), seats),
    }


def purchases(view: View) -> Row:
    """features/purchases.py."""

    def bought(rows: list[Row]) -> list[Row]:
        return [row for row in rows if row["quantity"] is None or row["quantity"] > 0]

    def orders(rows: list[Row]) -> int:
        days = {("day", math.ceil(view.ago(row))) for row in bought(rows) if row["order_id"] is None}
        return len({row["order_id"] for row in bought(rows) if row["order_id"] is not None}) + len(days)

    def spent(days: int, before: int = 0) -> Any:
        return zero(total(view.within("purchases", days, before), "value"))

    def products(days: int) -> int:
        return len(set(given(bought(view.within("purchases", days)), "product")))

    past, year = view.past("purchases"), view.within("purchases", 365)
    ages = [view.ago(row) for row in bought(past)]
    returned = [row for row in past if row["quantity"] is not None and row["quantity"] < 0]
    returns = [row for row in year if row["quantity"] is not None and row["quantity"] < 0]
    quarter, whole, ever = orders(view.within("purchases", 90)), orders(year), orders(past)
    gap = ratio(minus(most(ages), least(ages)), ever - 1)
    return {
        "days_since_purchase": least(ages),
        "days_since_first_purchase": most(ages),
        "orders_30d": orders(view.within("purchases", 30)),
        "orders_90d": quarter,
        "orders_180d": orders(view.within("purchases", 180)),
        "orders_365d": whole,
        "orders_so_far": ever,
        "spent_30d": spent(30),
        "spent_90d": spent(90),
        "spent_180d": spent(180),
        "spent_365d": spent(365),
        "spent_three_quarters_before": spent(270, 90),
        "order_value_365d": ratio(spent(365), whole),
        "spent_trend": ratio(float(spent(90)) / 90, float(spent(270, 90)) / 270) if spent(270, 90) > 0 else None,
        "orders_share_90d": ratio(quarter, whole),
        "days_between_orders": gap,
        "overdue_order": ratio(least(ages), None if gap is None else max(gap, 1)),
        "products_bought_90d": products(90),
        "products_bought_365d": products(365),
        "lines_365d": len(year),
        "returns_365d": len(returns),
        "returns_share_365d": ratio(len(returns), len(year)),
        "days_since_return": least([view.ago(row) for row in returned]),
    }


def attribute(view: View, field: str, column: str = "text") -> Any:
    """The latest value of an account's attribute; a change without any value takes it away."""
    found = None
    for row in view.past("account_changes"):
        cleared = all(row[name] is None for name in ("text", "number", "amount", "moment"))
        if row["field"] == field and (row[column] is not None or cleared):
            found = row[column]
    return found


def plan_of(view: View) -> Any:
    """The plan that an account has."""
    return subscription(view)["subscription_plan"]


KINDS = {
    "segment": lambda view: attribute(view, "segment"),
    "industry": lambda view: attribute(view, "industry"),
    "country": lambda view: attribute(view, "country"),
    "plan": plan_of,
}


def events_of(view: View, name: str) -> list[tuple[datetime, str, Any]]:
    """Each event of a subscription with the midnight that ended its day, and what kind its account was then."""
    found = []
    for row in view.history.get("subscriptions", []):
        day = row["recorded_at"].replace(hour=0, minute=0, second=0, microsecond=0) + DAY
        found.append((day, row["event"], KINDS[name](View(view.history, row["account_id"], day, day))))
    return found


def cancelled(view: View, name: str) -> Row:
    """Of the starts and cancellations of whole past days, by accounts of the same kind, and beside those of the company."""
    if name not in view.told:
        view.told[name] = events_of(view, name)
    mine, counted = KINDS[name](view), {"start": [0, 0], "cancellation": [0, 0]}
    for day, event, kind in view.told[name]:
        if event in counted and day < view.known_by:
            counted[event][0] += 1
            counted[event][1] += mine is not None and kind == mine
    (all_started, started), (all_left, left) = counted.values()
    expected = started * all_left / all_started if all_started else left
    return {
        f"{name}_cancelled_share": min(1, (left + 20 * USUAL) / (started + 20)),
        f"{name}_churn_lift": (left - expected) / (started + 20),
    }


def account(view: View) -> Row:
    """features/account.py."""
    ages = [view.ago(row) for row in view.past("accounts")]
    return {
        "account_name": attribute(view, "name"),
        "account_segment": attribute(view, "segment"),
        "account_industry": attribute(view, "industry"),
        "account_country": attribute(view, "country"),
        "account_currency": attribute(view, "currency"),
        "employees": attribute(view, "employees", "number"),
        "account_age_days": most(ages),
    } | {feature: value for name in KINDS for feature, value in cancelled(view, name).items()}


def all_features(view: View) -> Row:
    """Every account feature at a moment."""
    parts = (usage, subscription, satisfaction, support, adoption, purchases, account)
    return {name: value for part in parts for name, value in part(view).items()}
