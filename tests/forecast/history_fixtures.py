"""Random histories of deals as ledgers, and views of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from dealml import Model, Shown, Won
from dealml.forecast.record import Record
from dealml.learning.view import View
from dealml.ledger.ledger import Ledger
from tests.ledger_fixtures import ledger_of

START = datetime(2024, 1, 1, tzinfo=UTC)
SPEC = Model("deals", "deal_id", (Won(),), (30,), 30, (), Shown())
Facts = dict[str, list[dict[str, Any]]]


def hour(count: float) -> datetime:
    return START + timedelta(hours=count)


def fact(at: float, **columns: Any) -> dict[str, Any]:
    """A fact that occurred and went on record at an hour."""
    return {"occurred_at": hour(at), "recorded_at": hour(at), **columns}


def change(at: float, deal: str, field: str, value: Any, occurred: float | None = None) -> dict[str, Any]:
    column = {"amount": "amount", "close_date": "moment"}.get(field, "text")
    return fact(at, deal_id=deal, field=field, **{column: value}) | {"occurred_at": hour(at if occurred is None else occurred)}


def drawn_facts(seed: int, deals: int = 6) -> Facts:
    """Deals that are created, repriced, won, lost and reopened at whole hours, in two currencies, one of which gets its rate late."""
    rng = np.random.default_rng(seed)
    facts: Facts = {"deals": [], "deal_changes": [], "outcomes": [], "rates": []}
    for number in range(deals):
        name, born = f"D{number}", int(rng.integers(0, 30))
        facts["deals"].append(fact(born, deal_id=name, account_id="A"))
        if rng.random() < 0.8:
            facts["deal_changes"].append(change(born, name, "currency", str(rng.choice(["EUR", "USD"]))))
        for at in rng.integers(0, 60, rng.integers(0, 4)):
            occurred = int(rng.integers(0, at + 1))
            facts["deal_changes"].append(change(int(at), name, "amount", int(rng.integers(1, 9)), occurred))
            facts["deal_changes"].append(change(int(at), name, "team", str(rng.choice(["N", "S"])), occurred))
        for at in rng.integers(born, 60, rng.integers(0, 5)):
            facts["outcomes"].append(fact(int(at), deal_id=name, outcome=str(rng.choice(["won", "lost", "reopened"]))))
    facts["rates"] = [fact(float(at), currency="USD", rate=float(rng.integers(1, 5))) for at in rng.integers(10, 50, 2)]
    return {name: rows for name, rows in facts.items() if rows}


def ledger(folder: Path, facts: Facts) -> Ledger:
    return ledger_of(folder, {name: rows for name, rows in facts.items() if rows})


def record(held: Ledger, before: datetime) -> Record:
    return Record.of(View.of(held, SPEC, before), "EUR")
