"""The pipeline of a past period: with the deals whose records were deleted or merged since, as they were then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from dealml.period import Period
from dealml.sales_metrics.measure import measure
from tests.ledger_fixtures import ledger_of

START = datetime(2026, 1, 1, tzinfo=UTC)
Row = dict[str, Any]


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def fact(at: float, **columns: Any) -> Row:
    return {"occurred_at": day(at), "recorded_at": day(at), **columns}


def change(at: float, deal: str, field: str, text: str | None = None, amount: int | None = None) -> Row:
    return fact(at, deal_id=deal, field=field, text=text, amount=None if amount is None else Decimal(amount))


FACTS: dict[str, list[Row]] = {
    "deals": [fact(1, deal_id=name, account_id="A") for name in ("D", "L", "S")],
    "deal_changes": [
        *(change(at, name, "amount", amount=amount) for at, name, amount in ((1, "D", 100), (1, "L", 20), (2, "S", 3))),
        *(change(1, name, "team", text=team) for name, team in (("D", "north"), ("L", "south"), ("S", "south"))),
    ],
    "account_changes": [fact(1, account_id="B", field="currency", text="EUR")],
    "quotas": [
        fact(0, quota_id=f"Q{team}", value=Decimal(1000), period_start=day(0), period_end=day(400), team=team)
        for team in (None, "north", "south")
    ],
    "record_events": [
        fact(40, record_id="D", kind="deal", event="deleted"),
        fact(50, record_id="L", kind="deal", event="merged", into_id="S"),
        fact(60, record_id="A", kind="account", event="merged", into_id="B"),
    ],
}


def pipelines(folder: Path, by: str | None = None) -> dict[tuple[int, str], tuple[Any, Any]]:
    """By the day that a period starts on and the group: the open deals and their money, looked at from day 90."""
    periods = [Period(day(number), day(number + 10)) for number in (30, 45, 55)]
    values = measure(ledger_of(folder, FACTS), periods, day(90), "EUR", by)
    return {
        ((value.period.start - START).days, value.group): (value.parts["open_deals"], value.parts["pipeline"])
        for value in values
        if value.metric == "pipeline_coverage" and "pipeline" in value.parts
    }


def test_a_deal_that_was_deleted_or_merged_later_was_in_the_pipeline(tmp_path: Path) -> None:
    assert pipelines(tmp_path) == {(30, ""): (3, 123), (45, ""): (2, 23), (55, ""): (1, 3)}


def test_it_was_in_the_group_that_it_belonged_to(tmp_path: Path) -> None:
    groups = pipelines(tmp_path, "team")
    assert (groups[30, "north"], groups[30, "south"], groups[45, "south"]) == ((1, 100), (2, 23), (2, 23))
