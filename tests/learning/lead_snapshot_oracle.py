"""Random leads, and slow, obvious loops that say when a lead is in play and what became of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.learning.test_snapshots import Chance

Row = dict[str, Any]
UNTOUCHED_DAYS = 12
_EVENTS = ["created", "touched", "qualified", "converted", "disqualified", "recycled"]
_DECISIVE = {"created": True, "recycled": True, "converted": False, "disqualified": False}


def random_leads(chance: Chance, begin: datetime, count: int = 300) -> dict[str, list[Row]]:
    """Leads with events in any order, activities, and three deals that they became."""
    facts: dict[str, list[Row]] = {"leads": [], "activities": [], "deals": [], "outcomes": []}
    for number in range(count):
        lead = {"lead_id": f"L{number}"}
        facts["leads"] += [lead | row for row in chance.facts(5, event=_EVENTS, deal_id=[None, "D1", "D2", "D3"])]
        facts["activities"] += [lead | row for row in chance.facts(2, activity=["email", "page"], direction=["in", "out"])]
    for deal in ("D1", "D2", "D3"):
        clock = {"recorded_at": begin, "occurred_at": begin}
        facts["deals"].append({"deal_id": deal} | clock)
        facts["outcomes"] += [{"deal_id": deal} | row for row in chance.facts(4, outcome=["won", "lost", "reopened"])]
    return facts


def _order(row: Row) -> tuple[Any, ...]:
    return (row["occurred_at"], row["sequence"], row["deal_id"] or "~", row["event"])


def lead_is_in_play(facts: dict[str, list[Row]], lead: str, moment: datetime) -> bool:
    """Whether a lead counts: it is there, was not ended, and something touched it lately."""
    events = [row for row in facts["leads"] if row["lead_id"] == lead and row["recorded_at"] < moment]
    if not events:
        return False
    came = min(row["recorded_at"] for row in events)
    touches = [row["recorded_at"] for row in facts["activities"] if row["lead_id"] == lead and came <= row["recorded_at"] < moment]
    last = max([*touches, *(row["recorded_at"] for row in events)])
    decisive = [row for row in events if row["event"] in _DECISIVE]
    latest = max(decisive, key=lambda row: (row["recorded_at"], *_order(row)), default=None)
    return (latest is None or _DECISIVE[latest["event"]]) and moment - last <= timedelta(days=UNTOUCHED_DAYS)


def conversions(facts: dict[str, list[Row]], lead: str, end: datetime) -> list[datetime]:
    """When a lead was converted, each time."""
    return [row["recorded_at"] for row in _converted(facts, lead, end)]


def _converted(facts: dict[str, list[Row]], lead: str, end: datetime) -> list[Row]:
    return [row for row in facts["leads"] if row["lead_id"] == lead and row["event"] == "converted" and row["recorded_at"] < end]


def lead_wins(facts: dict[str, list[Row]], lead: str, end: datetime) -> list[datetime]:
    """When both a conversion and a win of its deal were on record, each time."""
    moments = []
    for row in _converted(facts, lead, end):
        moments += [max(row["recorded_at"], won) for won in _wins(facts, row["deal_id"], end)]
    return moments


def _wins(facts: dict[str, list[Row]], deal: str | None, end: datetime) -> list[datetime]:
    rows = [row for row in facts["outcomes"] if row["deal_id"] == deal and row["recorded_at"] < end]
    rows.sort(key=lambda row: (row["recorded_at"], row["occurred_at"], row["sequence"], row["outcome"]))
    states = ["open", *({"reopened": "open"}.get(row["outcome"], row["outcome"]) for row in rows)]
    return [row["recorded_at"] for row, before, now in zip(rows, states, states[1:], strict=False) if now == "won" and before != "won"]


def touch_moments(facts: dict[str, list[Row]], lead: str, end: datetime) -> list[datetime]:
    """The full hour after each touch."""
    touched = [row for row in facts["leads"] if row["event"] == "touched"] + facts["activities"]
    moments = [row["recorded_at"] for row in touched if row["lead_id"] == lead and row["recorded_at"] < end]
    return [at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1) for at in moments]
