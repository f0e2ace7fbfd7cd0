"""What won deals brought, by hand: two wins with money, of which one customer left within the year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from dealml.as_of.connection import QuerySettings
from dealml.scenarios.consequences import Consequences, consequences
from tests.ledger_fixtures import ledger_of

START = datetime(2024, 1, 1, tzinfo=UTC)


def at(day, **values):
    moment = START + timedelta(days=day)
    return {"occurred_at": moment, "recorded_at": moment, **values}


def deal(name, account, created, closed, outcome, amount):
    return (
        at(created, deal_id=name, account_id=account),
        at(created, deal_id=name, field="amount", amount=Decimal(amount)),
        at(closed, deal_id=name, outcome=outcome),
    )


def subscription(account, day, event, arr):
    return at(day, account_id=account, subscription_id=f"s-{account}", event=event, arr=None if arr is None else Decimal(arr))


def test_money_days_and_customers_that_left(tmp_path):
    deals = [
        deal("d1", "a1", 0, 40, "won", "1000"),
        deal("d2", "a2", 10, 30, "won", "3000"),
        deal("d3", "a3", 0, 20, "lost", "9000"),
        deal("d4", "a4", 500, 510, "won", "5000"),  # its year is not over
    ]
    facts = dict(zip(("deals", "deal_changes", "outcomes"), map(list, zip(*deals, strict=True)), strict=True))
    facts["subscriptions"] = [
        subscription("a1", 41, "start", "1000"),
        subscription("a1", 200, "cancellation", None),
        subscription("a2", 31, "start", "3000"),
        subscription("a2", 450, "cancellation", None),  # after the year
        subscription("a4", 511, "start", "5000"),
    ]
    ledger, as_of = ledger_of(tmp_path / "ledger", facts), START + timedelta(days=600)
    every, later, none = consequences(ledger, as_of, "EUR", QuerySettings(), [["d1", "d2", "d3"], ["d4"], ["d3"]])
    assert every == Consequences(median_amount=2000, won_amount=4000, median_days_to_win=30, customers=2, churned=1)
    assert later == Consequences(median_amount=5000, won_amount=5000, median_days_to_win=10, customers=0, churned=0)
    assert none == Consequences(None, None, None, 0, 0)


def test_without_subscriptions_no_customer_is_followed(tmp_path):
    parts = deal("d1", "a1", 0, 40, "won", "1000")
    ledger = ledger_of(tmp_path / "ledger", dict(zip(("deals", "deal_changes", "outcomes"), ([part] for part in parts), strict=True)))
    (brought,) = consequences(ledger, START + timedelta(days=600), "EUR", QuerySettings(), [["d1"]])
    assert (brought.won_amount, brought.customers) == (1000, 0)
