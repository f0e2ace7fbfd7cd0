"""The oracle of activity, touchpoints, economics, commitments and history."""

from __future__ import annotations

from typing import Any

from tests.features.oracle import (
    Condition,
    Fact,
    Sight,
    clip,
    count,
    divided,
    first,
    in_order,
    is_cleared,
    latest,
    least,
    values,
)
from tests.features.oracle_progress import (
    Reading,
    age,
    attribute,
    both,
    equals,
    happened,
    last,
    passages_of_stage,
)

UNDER_WAY = ("created", "selected", "sent", "returned")
KEYS = {field: attribute(field) for field in ("segment", "industry", "problem", "trigger", "competitor", "source")}


# activity, touchpoints


def acts(condition: Condition) -> Reading:
    return lambda deal: count(deal.of_deal("activities"), condition)


def since(condition: Condition) -> Reading:
    return lambda deal: least(deal.of_deal("activities"), "days_ago", both(condition, happened))


def planned(fact: Fact) -> bool:
    return not happened(fact)


def inbound_share(deal: Sight) -> float | None:
    directions = values(deal.of_deal("activities"), "direction")
    return divided(directions.count("in"), len(directions))


def rhythm(deal: Sight) -> float | None:
    old = age(deal)
    if old is None:
        return None
    lately = acts(last(30))(deal) / min(30.0, max(1.0, old))
    return divided(lately, acts(happened)(deal) / max(1.0, old))


def silence(deal: Sight) -> float | None:
    gap, older = since(lambda fact: True)(deal), clip(age(deal), 1)
    return None if gap is None or older is None else gap * acts(happened)(deal) / older


def minutes_all(deal: Sight) -> float:
    return sum(values(deal.of_deal("activities"), "minutes", happened))


def held(kind: str) -> Reading:
    return acts(both(equals("activity", kind), happened))


# economics, commitments


def exchange_rate(deal: Sight) -> float | None:
    return latest(deal.rates_of(attribute("currency")(deal)), "rate")


def amount_base(deal: Sight) -> float | None:
    amount, rate = attribute("amount", "amount")(deal), exchange_rate(deal)
    return None if amount is None or rate is None else float(amount) * rate


def amount_changes(deal: Sight) -> list[Fact]:
    real: list[Fact] = []
    amount: Any = None
    previous: Any = None
    for fact in sorted(in_order(deal.of_deal("deal_changes")), key=lambda fact: fact["recorded_at"]):
        if fact["field"] != "amount" or (fact["amount"] is None and not is_cleared(fact)):
            continue
        if fact["amount"] != amount:
            real.append(fact | {"previous": previous})
        amount = fact["amount"]
        previous = previous if amount is None else amount
    return real


def amount_cuts(deal: Sight) -> int:
    return count(
        amount_changes(deal),
        lambda change: None not in (change["previous"], change["amount"]) and change["amount"] < change["previous"],
    )


def amount_growth(deal: Sight) -> float | None:
    grown = divided(latest(amount_changes(deal), "amount"), first(amount_changes(deal), "amount"))
    return None if grown is None else grown - 1


def offered(column: str) -> Reading:
    return lambda deal: latest(deal.of_deal("offers"), column)


def offers(event: str) -> Reading:
    return lambda deal: count(deal.of_deal("offers"), equals("event", event))


def services_share(deal: Sight) -> float | None:
    whole = [offer for offer in deal.of_deal("offers") if offer["services"] is not None and offer["price"]]
    return divided(latest(whole, "services"), latest(whole, "price"))


def promised(column: str) -> Reading:
    return lambda deal: int(True in values(deal.of_deal("offers"), column))


def under_way(offer: Fact) -> bool:
    return offer["event"] in UNDER_WAY


# history


def win_lift(deal: Sight, closed: list[Fact]) -> float:
    """Above what the company's rate gives, of all that had closed by then."""
    company = [c for c in deal.company.closings if deal.over(c["recorded_at"])]
    rate = count(company, lambda c: c["won"]) / max(1, len(company))
    return (count(closed, lambda c: c["won"]) - len(closed) * rate) / (len(closed) + 20)


def stage_win_lift(deal: Sight) -> float:
    return win_lift(deal, passages_of_stage(deal))


def closed_alike(deal: Sight, key: Reading) -> list[Fact]:
    """Closings that were over before the snapshot, of deals that had the snapshot's value of a key."""
    mine = key(deal)
    alike = []
    for closing in deal.company.closings:
        theirs = deal.company.value_at(key, closing["deal_id"], closing["recorded_at"])
        if mine is not None and theirs == mine and deal.over(closing["recorded_at"]):
            alike.append(closing)
    return alike


def closed_with_account(deal: Sight) -> list[Fact]:
    return [
        c | {"last_year": deal.day_ago(c["recorded_at"]) <= 365}
        for c in deal.company.closings
        if c["account_id"] is not None and c["account_id"] == deal.account_id and deal.over(c["recorded_at"])
    ]


def rate_of(field: str) -> Reading:
    key = KEYS[field]
    return lambda deal: win_lift(deal, closed_alike(deal, key))


def account_deals_1y(won: bool) -> Reading:
    return lambda deal: count(closed_with_account(deal), lambda c: c["won"] == won and c["last_year"])


def last_said(kind: str) -> Reading:
    """The last probability of a kind; what is none is passed over."""

    def read(deal: Sight) -> float | None:
        said = []
        for fact in deal.of_deal("assessments"):
            share = fact["value"] / 100 if fact["unit"] == "percent" else fact["value"]
            if fact["kind"] == kind and 0 <= share <= 1:
                said.append(fact | {"share": share})
        return latest(said, "share")

    return read
