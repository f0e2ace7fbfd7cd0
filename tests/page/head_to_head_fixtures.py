"""A small contest for the page's tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from dealml.page.head_to_head.content import Because, Entrant, Estimate, HeadToHeadPage, Mover, PointsBand, Standing
from tests.page.row_fixtures import CURVE, HEBREW, HOSTILE, LONG

GAINS = tuple((step / 40) ** 0.5 for step in range(41))


def entrant(name: str, wins: float, **changes: Any) -> Entrant:
    """One side; its money and places go with its wins."""
    estimate = Estimate(wins, wins - 0.05, wins + 0.05)
    plain = Entrant(name, estimate, estimate, estimate, 0.4, Estimate(0.4, 0.35, 0.45), Estimate(0.02, 0.0, 0.04), GAINS, CURVE)
    return replace(plain, **changes)


def mover(name: str = "Rollout", **changes: Any) -> Mover:
    """A deal on one list and not on the other."""
    reasons = (Because("+12 points", "A champion sells for us internally."), Because("−3 points", "No meeting for 41 days."))
    rules = (Because("0 of 15", "Size segment of the buyer: SMB"), Because("+10", "Source that the deal came from: Inbound"))
    plain = Mover(name, "Northwind", "Marta", "Proposal", Decimal(12_380), "EUR", 4, 31, "58%", "30 points", True, reasons, rules)
    return replace(plain, **changes)


def contest_page(**changes: Any) -> HeadToHeadPage:
    """Sixty points of wins against forty, with texts of every kind."""
    movers = (mover(), mover(HOSTILE, happened=False, owner=HEBREW), mover(LONG, amount=None, stage="", rival_reasons=()))
    plain = HeadToHeadPage(
        company="Müller & Söhne",
        model="deal_win",
        model_version="7",
        rung="lightgbm",
        method="the registered model on the time after its training",
        horizon_days=90,
        first=datetime(2025, 2, 3, tzinfo=UTC),
        last=datetime(2025, 10, 6, tzinfo=UTC),
        weeks=36,
        open_a_week=61.4,
        worked_a_week=12.3,
        wins_all=311,
        money_all=Decimal(10_111_018),
        currency="EUR",
        us=entrant("dealml", 0.6),
        them=entrant("the scorecard", 0.4),
        wins_ahead=Estimate(0.2, 0.1, 0.3),
        money_ahead=Estimate(0.02, -0.05, 0.09),
        log_loss_saved=Estimate(0.05, 0.02, 0.08),
        list_at=datetime(2025, 10, 6, tzinfo=UTC),
        list_size=61,
        list_worked=12.2,
        onto=movers,
        off=(mover("Renewal"),),
        onto_all=9,
        off_all=1,
        differing=0.43,
        bands=(PointsBand(12, Estimate(0.1, 0.05, 0.2), 0.5), PointsBand(60, Estimate(0.4, 0.3, 0.5), 0.5)),
        standings=(Standing("the base rate", 0.2, 0.56, Estimate(0.16, 0.13, 0.19)), Standing("naive Bayes", 0.5, 0.45, Estimate(0.05))),
        ledger_digest="sha256:9f2c",
        notes=("Each Monday, both sides rank the same open deals.",),
        is_scorecard=True,
    )
    return replace(plain, **changes)
