"""Overrides made up for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from dealml.judgement.override import ModelPrediction, Override, StoredOverride

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
QUARTER = datetime(2026, 4, 1, tzinfo=UTC)
LATER = datetime(2026, 1, 6, 9, 30, tzinfo=UTC)


def said(deal_id: str = "D1", **changed: Any) -> Override:
    values: dict[str, Any] = {
        "deal_id": deal_id,
        "made_at": MONDAY,
        "until": QUARTER,
        "probability": 0.8,
        "amount": Decimal("12500.50"),
        "currency": "EUR",
        "close_date": date(2026, 3, 1),
        "why": "budget signed",
        "who": "Ann",
    }
    return Override(**(values | changed))


def number(**changed: Any) -> ModelPrediction:
    values: dict[str, Any] = {
        "model": "deal_win",
        "version": 3,
        "digest": "d1",
        "trained_through": datetime(2025, 12, 1, tzinfo=UTC),
        "probability": 0.1 + 0.2,
        "amount": Decimal("9000.0001"),
        "currency": "USD",
        "close_date": date(2026, 2, 1),
        "category": "Commit",
    }
    return ModelPrediction(**(values | changed))


def kept(deal_id: str = "D1", beside: ModelPrediction | None = None, stored_at: datetime = LATER, **changed: Any) -> StoredOverride:
    return StoredOverride(said(deal_id, **changed), beside or number(), stored_at)
