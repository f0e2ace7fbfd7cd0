"""Account features on small histories that were worked out by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.features.account_history_fixtures import MOMENTS, TICK, Row, published
from tests.features.test_account_oracle import computed

NOW = MOMENTS[0]
MIDDAY = NOW - timedelta(hours=12)


def at(moment: datetime, sequence: int | None = None, recorded: datetime | None = None) -> Row:
    """The clocks of a fact."""
    return {"occurred_at": moment, "recorded_at": recorded or moment, "sequence": sequence}


def event(name: str, moment: datetime, sequence: int | None = None, **values: Any) -> Row:
    """A subscription's event of account a1."""
    empty = {"account_id": "a1", "subscription_id": "s1", "event": name, "arr": None, "plan": None, "seats": None, "term_end": None}
    return empty | values | at(moment, sequence)


def seen(folder: Path, history: dict[str, list[Row]], account: str = "a1") -> Row:
    """Every feature of an account now."""
    found, _ = computed(published(folder, history))
    return found[account, NOW, NOW]


def test_subscriptions_add_up_and_a_cancelled_one_is_worth_nothing(tmp_path: Path) -> None:
    year = timedelta(days=365)
    row = seen(
        tmp_path,
        {
            "subscriptions": [
                event("start", NOW - 2 * year, arr=Decimal(100), seats=10.0, plan="Team"),
                event("start", NOW - year, subscription_id="s2", arr=Decimal(60), seats=4.0),
                event("contraction", NOW - year / 2, arr=Decimal(80)),
                event("cancellation", NOW - year / 4, subscription_id="s2", arr=Decimal(60)),
                event("expansion", NOW, arr=Decimal(500)),
            ]
        },
    )
    assert (row["arr"], row["seats"], row["subscriptions_held"]) == (80, 10, 1)
    assert row["arr_growth_year"] == pytest.approx(80 / 160 - 1)
    assert row["arr_given_up_share"] == pytest.approx((20 + 60) / 160)
    assert (row["expansions"], row["contractions"], row["cancellations"]) == (0, 1, 1)


def test_a_tie_goes_to_the_higher_sequence(tmp_path: Path) -> None:
    row = seen(
        tmp_path,
        {"subscriptions": [event("renewal", MIDDAY, 2, plan="A", arr=Decimal(5)), event("start", MIDDAY, 1, plan="Z", arr=Decimal(9))]},
    )
    assert (row["subscription_plan"], row["arr"]) == ("A", 5)


def test_a_fact_of_the_very_instant_is_not_known_and_one_a_tick_before_is(tmp_path: Path) -> None:
    row = seen(tmp_path, {"subscriptions": [event("start", NOW - TICK, plan="A"), event("renewal", NOW, plan="B")]})
    assert (row["subscription_plan"], row["renewals"]) == ("A", 0)


def test_more_cancellations_than_starts_are_a_share_of_one(tmp_path: Path) -> None:
    days = [timedelta(days=number + 2) for number in range(40)]
    history = {
        "subscriptions": [event("cancellation", NOW - day) for day in days],
        "account_changes": [
            {"account_id": "a1", "field": "segment", "text": "SMB", "number": None, "amount": None, "moment": None}
            | at(NOW - timedelta(days=90))
        ],
    }
    assert seen(tmp_path, history)["segment_cancelled_share"] == 1
    assert seen(tmp_path / "nobody", history, "nobody")["segment_cancelled_share"] == 0.2


def test_orders_within_minutes_are_no_rhythm(tmp_path: Path) -> None:
    lines = [
        {"account_id": "a1", "order_id": f"o{number}", "product": "p", "quantity": 1.0, "value": Decimal(10)}
        | at(NOW - timedelta(days=30, minutes=number))
        for number in range(3)
    ]
    row = seen(tmp_path, {"purchases": lines})
    assert row["days_between_orders"] == pytest.approx(1 / 1440)
    assert (row["overdue_order"], row["orders_90d"]) == (30, 3)


def test_a_ticket_is_open_until_it_is_resolved(tmp_path: Path) -> None:
    ticket = {"account_id": "a1", "ticket_id": "t", "severity": 4, "hours": None}
    facts = [ticket | {"event": "opened"} | at(MIDDAY), ticket | {"event": "resolved", "hours": 5.0} | at(MIDDAY, recorded=NOW)]
    row = seen(tmp_path, {"tickets": facts})
    assert (row["tickets_open"], row["urgent_tickets_open"], row["hours_to_resolve"]) == (1, 1, None)
