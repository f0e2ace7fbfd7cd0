"""A small ledger of activities whose kinds are awkward texts, and a model with a family of them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dealml import Model, Shown, Won, family, happened, per
from dealml.learning.view import View
from dealml.ledger.ledger import Ledger
from tests.ledger_fixtures import ledger_of

START = datetime(2024, 1, 1, tzinfo=UTC)
END = START + timedelta(days=200)
DEALS = 30
EARLY, LATE = "call back", "demo"
"""Kinds that are frequent early, and from day 150 on."""
KINDS = ["Call Back", EARLY, "batch__x'; --", "звонок", "company__\n{value}"]
PERSON = "Ada Byron"


@family("deal_id", "activities", of=("activity", "channel"), most=6, unit="activities")
def touch(activity: Any) -> Any:
    """Touches “{value}”."""
    return happened(activity)


@per("deal_id", "activities", unit="activities", empty=0)
def all_of_them(activity: Any) -> Any:
    """All touches."""
    return activity.count(where=happened(activity))


SPEC = Model("awkward", "deal_id", (Won(),), (30,), 30, (all_of_them, touch), Shown(), families=True)


def activities() -> list[dict[str, Any]]:
    """One a day for each deal: awkward kinds in turn, a person's name, few of a rare kind, and from day 150 on demos alone."""
    rows = []
    for deal in range(DEALS):
        for day in range(0, 190, 5):
            kind = LATE if day >= 150 else "rare" if (deal, day) == (0, 40) else PERSON if day == 45 else KINDS[(deal + day) % len(KINDS)]
            at = START + timedelta(days=day, hours=1 + deal % 5)
            channel = None if deal % 2 else "phone"
            row = {"deal_id": f"d{deal}", "activity": kind, "channel": channel, "person": PERSON, "occurred_at": at, "recorded_at": at}
            rows.append(row | {"sequence": len(rows)})
    return rows


def awkward_ledger(folder: Path) -> Ledger:
    """The ledger; deals are created on the first day, and every third is won on day 195."""
    deals = [{"deal_id": f"d{deal}", "account_id": f"a{deal}", "occurred_at": START, "recorded_at": START} for deal in range(DEALS)]
    at = START + timedelta(days=195)
    won = [{"deal_id": f"d{deal}", "outcome": "won", "occurred_at": at, "recorded_at": at} for deal in range(0, DEALS, 3)]
    return ledger_of(folder, {"deals": deals, "activities": activities(), "outcomes": won})


def view(ledger: Ledger, days: int = 200, **arguments: Any) -> View:
    """The ledger as of so many days after the start."""
    return View.of(ledger, SPEC, START + timedelta(days=days), **arguments)


def counted(deal: str, before: datetime) -> Counter[tuple[str, str | None]]:
    """How many touches of each kind and channel a deal had: the slow and obvious reading."""
    return Counter((row["activity"], row["channel"]) for row in activities() if row["deal_id"] == deal and row["recorded_at"] < before)
