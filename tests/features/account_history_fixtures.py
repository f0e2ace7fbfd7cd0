"""Random histories of accounts, published as ledgers: ties, late recordings, facts on the very instant."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from dealml.ledger.batches import Manifest, publish
from dealml.ledger.ledger import Ledger
from dealml.ledger.schema import TABLES

Row = dict[str, Any]
MOMENTS = [datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, 14, 30, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)]
TICK = timedelta(microseconds=1)
# Distances at which the windows of features begin and end.
EDGES = [0, 1, 6, 7, 29, 30, 31, 89, 90, 91, 119, 120, 121, 180, 209, 210, 211, 359, 360, 364, 365, 366, 400]


class Chance:
    """A source of random facts."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def moment(self) -> datetime:
        """Near a snapshot, at a window's edge, on the instant, a tick beside it, or anywhere."""
        at = self.random.choice(MOMENTS) - timedelta(days=self.random.choice(EDGES))
        return self.random.choice([at, at - TICK, at + TICK, at + timedelta(hours=self.random.uniform(-60, 60))])

    def clocks(self) -> Row:
        """Mostly recorded at once; sometimes late, sometimes ahead of time."""
        occurred = self.moment()
        recorded = self.random.choice(
            [
                occurred,
                occurred,
                occurred,
                occurred + timedelta(days=self.random.choice([1, 20, 95])),
                occurred - timedelta(days=3),
                self.random.choice(MOMENTS),
                self.random.choice(MOMENTS) - TICK,
            ]
        )
        return {"occurred_at": occurred, "recorded_at": recorded, "sequence": self.random.choice([None, 1, 2, 3])}

    def number(self, *among: float | None) -> float | None:
        """One of some numbers; with none given, any."""
        return self.random.choice(among) if among else round(self.random.uniform(0, 50), 3)

    def amount(self, *among: int | None) -> Decimal | None:
        """Money with cents."""
        chosen = self.random.choice(among)
        return None if chosen is None else Decimal(chosen) + Decimal(self.random.randint(0, 9999)).scaleb(-4)

    def text(self, *among: str | None) -> str | None:
        """One of some texts."""
        return self.random.choice(among)


def _change(chance: Chance) -> Row:
    field = chance.text("name", "segment", "industry", "country", "employees", "other")
    number = chance.number(5, 80, 900, None) if field == "employees" else None
    text = None if field == "employees" else chance.text("Łódź", "a", "b", "B", None)
    return {"field": field, "text": text, "number": number, "amount": None, "moment": None}


def _subscription(chance: Chance) -> Row:
    return {
        "subscription_id": chance.text("s1", "s1", "s2", None),
        "event": chance.text("start", "start", "renewal", "expansion", "contraction", "cancellation"),
        "arr": chance.amount(0, 900, 1200, 40_000, None),
        "plan": chance.text("Team", "Starter", None),
        "seats": chance.number(0, 5, 12, None),
        "term_end": chance.random.choice([chance.moment(), None]),
    }


def _usage(chance: Chance) -> Row:
    return {
        "metric": chance.text("reports", "views", "calls", None),
        "quantity": chance.random.choice([0, None, chance.number(), chance.number()]),
        "users": chance.number(0, 1, 7, 12, None),
    }


def _survey(chance: Chance) -> Row:
    return {
        "contact_id": chance.text("c1", "c2", "c3", None),
        "survey": chance.text("nps", "nps", "csat", "esat"),
        "score": chance.random.randint(0, 10),
    }


def _ticket(chance: Chance) -> Row:
    return {
        "ticket_id": chance.text("t1", "t2", None),
        "event": chance.text("opened", "opened", "escalated", "resolved"),
        "severity": chance.random.choice([1, 2, 3, 4, None]),
        "hours": chance.random.choice([None, chance.number()]),
    }


def _purchase(chance: Chance) -> Row:
    return {
        "order_id": chance.text("o1", "o2", "o3", "o4", None),
        "product": chance.text("p1", "p2", "p3", None),
        "quantity": chance.number(1, 5, 12, 0, -2, None),
        "value": chance.amount(-20, 0, 30, 500, None),
    }


MAKERS = {
    "accounts": lambda chance: {},
    "account_changes": _change,
    "subscriptions": _subscription,
    "usage": _usage,
    "surveys": _survey,
    "tickets": _ticket,
    "purchases": _purchase,
}


def random_history(seed: int, accounts: Iterable[str], tables: Iterable[str], most: int = 12) -> dict[str, list[Row]]:
    """Facts of some accounts in some tables; each account has from none to `most` in each."""
    chance, names = Chance(seed), list(accounts)
    history: dict[str, list[Row]] = {}
    for table in tables:
        rows = [
            {"account_id": account} | MAKERS[table](chance) | chance.clocks()
            for account in names
            for _ in range(chance.random.randint(0, most))
        ]
        history[table] = [dict(row) for row in {tuple(row.items()): row for row in rows}.values()]
    return history


def published(folder: Path, history: dict[str, list[Row]], seed: int = 0) -> Ledger:
    """A ledger of these facts, shuffled and split into two batches."""
    folder.mkdir(parents=True, exist_ok=True)
    shuffle = random.Random(seed)
    parts: list[dict[str, list[Row]]] = [{}, {}]
    for table, rows in history.items():
        for row in shuffle.sample(rows, len(rows)):
            shuffle.choice(parts).setdefault(table, []).append(row)
    for number, part in enumerate(parts):
        batch = hashlib.sha256(f"{seed}-{number}".encode()).hexdigest()
        tables = {name: pa.Table.from_pylist(rows, schema=TABLES[name].schema) for name, rows in part.items()}
        publish(folder, Manifest(batch, "random", []), tables)
    return Ledger(folder)
