"""Deals with offers, approvals and deliveries, made by hand; days count from `START`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from dealml import Commitment
from dealml.ledger.ledger import Ledger
from tests.ledger_fixtures import ledger_of

START = datetime(2024, 1, 1, tzinfo=UTC)
RULES = (
    Commitment("price", "discount", free=0.1, most=0.3, approver="finance", days=2),
    Commitment("implementation", "implementation_days", free=60, most=30, approver="delivery", days=3),
    Commitment("roadmap", "roadmap_promise", free=0, most=0),
)


def at(day: float, **values: Any) -> dict[str, Any]:
    moment = START + timedelta(days=day)
    return {"occurred_at": moment, "recorded_at": moment, **values}


def offer(deal: str, day: float, **values: Any) -> tuple[str, dict[str, Any]]:
    return "offers", at(day, deal_id=deal, event="sent", price=Decimal(100), **values)


def approval(deal: str, day: float, event: str, subject: str = "price") -> tuple[str, dict[str, Any]]:
    return "approvals", at(day, deal_id=deal, event=event, subject=subject)


def promised(deal: str, day: float, within: float) -> tuple[str, dict[str, Any]]:
    return "deliveries", at(day, deal_id=deal, delivery="implementation", event="promised", due_at=START + timedelta(days=day + within))


def delivered(deal: str, day: float) -> tuple[str, dict[str, Any]]:
    return "deliveries", at(day, deal_id=deal, delivery="implementation", event="delivered")


def ledger_with(folder: Path, *facts: tuple[str, dict[str, Any]], deals: Iterable[str], won: dict[str, float] | None = None) -> Ledger:
    """A ledger of deals created on the first day, each with the account of its name; some won on a day."""
    tables: dict[str, list[dict[str, Any]]] = {"deals": [at(0, deal_id=deal, account_id=f"a-{deal}") for deal in deals]}
    tables["outcomes"] = [at(day, deal_id=deal, outcome="won") for deal, day in (won or {}).items()]
    for name, fact in facts:
        tables.setdefault(name, []).append(fact)
    return ledger_of(folder, {name: rows for name, rows in tables.items() if rows})
