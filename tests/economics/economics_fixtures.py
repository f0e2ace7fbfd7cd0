"""A company small enough to compute its deal economics by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from dealml.jobs.choosing.economics import EconomicsReport, economics
from dealml.ledger.ledger import Ledger
from dealml.project import Project, make_project
from dealml.scoring.store import SNAPSHOTS, Sources, publishing
from tests.ledger_fixtures import ledger_of

AT = datetime(2026, 1, 1, tzinfo=UTC)
Row = dict[str, Any]
Facts = dict[str, list[Row]]

SETTINGS = """
contract_months = 12
horizon_months = 36
settled_days = 100
oldest_score_days = 31

[look_alikes]
least_cases = 2
strength = 10

[cost_per_hour]
seller = 50

[declared]
yearly_churn = 0.0
yearly_expansion = 0.1
"""


def day(number: float) -> datetime:
    """A moment so many days before the one that is looked from."""
    return AT - timedelta(days=number)


def at(moment: datetime, recorded: datetime | None = None) -> Row:
    """The clocks of a fact."""
    return {"occurred_at": moment, "recorded_at": recorded or moment}


def deal(name: str, created: float, stage: str = "Proposal", segment: str | None = "SMB", **changes: Any) -> Facts:
    """A deal with its attributes and, where `won` or `lost` says how many days ago, its end."""
    facts: Facts = {
        "deals": [{"deal_id": name, "account_id": f"a-{name}", **at(day(created))}],
        "deal_changes": [{"deal_id": name, "field": "stage", "text": stage, "number": 1.0, **at(day(created))}],
    }
    if segment:
        facts["deal_changes"].append({"deal_id": name, "field": "segment", "text": segment, **at(day(created))})
    for field in ("amount", "strategic_value"):
        if field in changes:
            facts["deal_changes"].append({"deal_id": name, "field": field, "amount": changes[field], **at(day(created))})
    for outcome in ("won", "lost"):
        if outcome in changes:
            facts["outcomes"] = [{"deal_id": name, "outcome": outcome, **at(day(changes[outcome]))}]
    return facts


def offer(name: str, made: float, price: float, discount: float, customisation: float, services: float) -> Facts:
    """An offer of a deal."""
    terms = {"price": Decimal(str(price)), "discount": discount, "customisation": customisation, "services": Decimal(str(services))}
    return {"offers": [{"deal_id": name, "offer_id": f"o-{name}", "event": "sent", **terms, **at(day(made))}]}


def costs(name: str, booked: float, **kinds: float) -> Facts:
    """What a deal cost, by kind."""
    booking = {"deal_id": name, **at(day(booked))}
    rows = [{"cost_id": f"{name}-{kind}", "kind": kind, "value": Decimal(str(value)), **booking} for kind, value in kinds.items()]
    return {"costs": rows}


def hours(name: str, worked: float, number: float, role: str = "seller") -> Facts:
    """A booking of hours on a deal."""
    return {"time_entries": [{"entry_id": f"{name}-{worked}-{role}", "deal_id": name, "role": role, "hours": number, **at(day(worked))}]}


def subscribed(account: str, began: float) -> Facts:
    """A subscription that began so many days ago."""
    row = {"account_id": account, "subscription_id": account, "event": "start", "arr": 10_000, **at(day(began))}
    return {"subscriptions": [row]}


def merged(*parts: Facts) -> Facts:
    """Facts of several kinds put together."""
    together: Facts = {}
    for part in parts:
        for table, rows in part.items():
            together.setdefault(table, []).extend(rows)
    return together


def company() -> Facts:
    """Two won deals with costs, a lost one, acquisition costs of one year, and a large and a small open deal.

    - Goods cost 3,500 of list prices of 35,000 (10 %), third parties 1,750 (5 %), services 2,400 of 3,000 sold (80 %), customisation
      1,500 of 1,000 sold (150 %).
    - Three customers were won in the year before, for 18,000: 6,000 each.
    - Closed deals spent 80 days in the stage Proposal with 8 hours at their middle: on average, 4 hours were still to come.
    """
    return merged(
        deal("w1", 300, won=260, amount=10_000),
        offer("w1", 280, 10_000, 0.0, 0.1, 1_000),
        costs("w1", 200, goods=1_000, services=800, customisation=1_500, third_party=500),
        hours("w1", 280, 8),
        deal("w2", 300, won=260, amount=25_000),
        offer("w2", 280, 20_000, 0.2, 0.0, 2_000),
        costs("w2", 200, goods=2_500, services=1_600, third_party=1_250),
        hours("w2", 280, 8),
        deal("l1", 200, lost=160, amount=5_000),
        hours("l1", 180, 8),
        *(subscribed(f"a-{name}", 250) for name in ("w1", "w2", "x")),
        {"costs": [{"cost_id": "k", "kind": "sales", "value": 18_000, **at(day(100))}]},
        deal("large", 30, amount=100_000),
        offer("large", 10, 40_000, 0.6, 0.6, 10_000),
        deal("small", 30, amount=12_000, strategic_value=1_000),
        offer("small", 10, 12_000, 0.0, 0.0, 1_000),
    )  # fmt: skip


PROBABILITIES = {"large": 0.5, "small": 0.4}


@dataclass(frozen=True)
class HandMade:
    """A project with a hand-made ledger and stored probabilities."""

    project: Project

    def report(self, entity: str | None = None, **options: Any) -> EconomicsReport:
        """The economics of its deals."""
        return economics(self.project, options.pop("as_of", AT), entity, **options)

    def value(self, deal_id: str, column: str) -> float:
        """One number of one deal."""
        return float(self.report().of(deal_id)[column])


def hand_made(folder: Path, facts: Facts, probabilities: dict[str, float] | None = None, settings: str = SETTINGS) -> HandMade:
    """A project of these facts."""
    make_project(folder)
    (folder / "models" / "economics.toml").write_text(settings, encoding="utf-8")
    ledger = ledger_of(folder / "ledger", facts)
    store_scores(folder, ledger, PROBABILITIES if probabilities is None else probabilities)
    return HandMade(Project(folder))


def store_scores(folder: Path, ledger: Ledger, probabilities: dict[str, float], model: str = "deal_win", scored: datetime = AT) -> None:
    """Store the probabilities of a model at two horizons."""
    if not probabilities:
        return
    keys = [(name, days) for name in probabilities for days in (90, 180)]
    count, digest = len(keys), ledger.digest
    values: dict[str, list[Any]] = {
        "model": [model] * count, "entity_id": [name for name, _ in keys], "as_of": [scored] * count, "model_digest": ["m"] * count,
        "ledger_digest": [digest] * count, "horizon_days": [days for _, days in keys], "score_id": [f"{n}-{d}"[:16] for n, d in keys],
        "model_version": [3] * count, "rung": ["lightgbm"] * count,
        "probability": [probabilities[name] * (1.0 if days == 180 else 0.5) for name, days in keys],
        "base_probability": [0.3] * count, "margin": [0.0] * count, "base_margin": [0.0] * count, "reasons": [[]] * count,
    }  # fmt: skip
    snapshots = {column.name: values[column.name] for column in SNAPSHOTS.columns if column.name != "features"} | {"features": [{}] * count}
    with publishing(f"sqlite:///{folder / 'scores.db'}", Sources("w", {}, digest, [])) as publish:
        publish(values, snapshots)
