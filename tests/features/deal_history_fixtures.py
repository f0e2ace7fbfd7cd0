"""Random companies for the deal oracle: few moments, so that everything collides with everything."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from dealml.ledger.batches import Manifest, digest_of, publish
from dealml.ledger.ledger import Ledger
from dealml.ledger.schema import TABLES

Fact = dict[str, Any]

START = datetime(2024, 2, 20, tzinfo=UTC)
LENGTH = 70
"""Days: over the end of a quarter and of a leap month."""

_LATE = (0, 0, 0, 0.5, 1, 4, 25, -2, -9)
"""Days from occurring to being recorded: late, or planned ahead."""
_TEXTS: dict[str, tuple[str | None, ...]] = {
    "segment": ("SMB", "Großkunde", "企業", None),
    "industry": ("steel", "retail"),
    "country": ("PL", "DE"),
    "problem": ("cost", "risk", "naïve 🙂"),
    "trigger": ("audit", "merger", None),
    "competitor": ("Acme", "Ácme"),
    "source": ("web", "partner"),
    "deal_type": ("new", "expansion"),
    "currency": ("EUR", "PLN", "XXX"),
    "owner": ("Ann", "Bob", "Żaneta"),
    "team": ("north", "south"),
    "forecast_category": ("commit", "pipeline"),
    "name": ('Deal; "one"', "Deal 'two'"),
}
_STAGES = ("Discovery", "Evaluation", "Proposal", "出口")
_ROLES = ("champion", "champion", "economic_buyer", "executive", "user", None)
_MILESTONES = ("problem_confirmed", "criteria_agreed", "stakeholders_known", "budget_set", "timeline_set", "own_kind")
_KINDS = ("meeting", "meeting", "call", "email", "demo", "asset", "W_Call")
_EVENTS = ("created", "selected", "sent", "returned", "accepted", "refused", "cancelled")


@dataclass(frozen=True)
class Case:
    """A company's facts and the snapshots to look at."""

    tables: dict[str, list[Fact]]
    snapshots: list[Fact]


class Writer:
    """Makes up one company."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.tables: dict[str, list[Fact]] = {}

    def add(self, table: str, /, occurred: datetime | None = None, late: float | None = None, **own: Any) -> None:
        """A fact; what is not given is missing."""
        occurred = occurred or self.moment()
        late = self.random.choice(_LATE) if late is None else late
        clocks = {
            "occurred_at": occurred,
            "recorded_at": occurred + timedelta(days=late) + self.nudge(),
            "sequence": self.random.choice((None, 1, 2)),
        }
        columns = {column.name: None for column in TABLES[table].columns}
        self.tables.setdefault(table, []).append(columns | own | clocks)

    def moment(self) -> datetime:
        """A moment from a coarse grid."""
        return START + timedelta(days=self.random.randrange(LENGTH), hours=self.random.choice((0, 0, 9, 12)))

    def nudge(self) -> timedelta:
        """Now and then a microsecond before or after."""
        return timedelta(microseconds=self.random.choice((0, 0, 0, 0, -1, 1)))

    def times(self, most: int) -> range:
        """Some number of times."""
        return range(self.random.randrange(most + 1))

    def pick(self, *choices: Any) -> Any:
        """One of the choices."""
        return self.random.choice(choices)


def make_case(seed: int, deals: int) -> Case:
    """A company of some deals, with snapshots at, just before and just after facts."""
    writer = Writer(seed)
    accounts = {f"d{number}": writer.pick("a1", "a2", "ä3", None) for number in range(deals)}
    for deal, account in accounts.items():
        _deal(writer, deal, account)
    for currency in ("EUR", "PLN"):
        for _ in range(6):
            writer.add("rates", currency=currency, rate=writer.pick(1.0, 0.23, 0.25, 4.1))
    snapshots = [snapshot for deal, account in accounts.items() for snapshot in _snapshots(writer, deal, account)]
    later = _assessments(Writer(seed + 10_000), accounts) | _contacts(Writer(seed + 20_000))
    return Case(writer.tables | later, snapshots)


def _deal(writer: Writer, deal: str, account: str | None) -> None:
    created = writer.moment()
    writer.add("deals", created, deal_id=deal, account_id=account)
    if writer.random.random() < 0.2:
        writer.add("deals", created, late=8, deal_id=deal, account_id=writer.pick("a1", None))
    for field, texts in _TEXTS.items():
        for _ in writer.times(3):
            writer.add("deal_changes", deal_id=deal, field=field, text=writer.pick(*texts))
    _progress(writer, deal)
    _people(writer, deal)
    _offers(writer, deal)
    for outcome in writer.pick((), (), ("won",), ("lost",), ("lost", "reopened", "won"), ("won", "won")):
        writer.add("outcomes", deal_id=deal, outcome=outcome, competitor=writer.pick("Acme", None))
    writer.add("activities", START + timedelta(days=LENGTH), late=30, deal_id=deal, activity="meeting")  # beyond every snapshot


def _progress(writer: Writer, deal: str) -> None:
    for _ in writer.times(6):
        stage = writer.random.randrange(len(_STAGES))
        writer.add("deal_changes", deal_id=deal, field="stage", text=_STAGES[stage], number=writer.pick(float(stage), float(stage), None))
    for _ in writer.times(4):
        amount = writer.pick(Decimal("100.5000"), Decimal("0.0000"), Decimal("99999999.9999"), None)
        writer.add("deal_changes", deal_id=deal, field="amount", amount=amount)
    for _ in writer.times(5):
        writer.add("deal_changes", deal_id=deal, field="close_date", moment=writer.moment() + timedelta(days=20))
    for _ in writer.times(5):
        writer.add("milestones", deal_id=deal, milestone=writer.pick(*_MILESTONES))


def _people(writer: Writer, deal: str) -> None:
    for _ in writer.times(6):
        writer.add(
            "stakeholders",
            deal_id=deal,
            contact_id=writer.pick("c1", "c2", "ç3", None),
            role=writer.pick(*_ROLES),
            engagement=writer.pick(0, 1, 2, 3, 4, None),
        )
    for _ in writer.times(14):
        writer.add(
            "activities",
            deal_id=writer.pick(deal, deal, deal, None),
            activity=writer.pick(*_KINDS),
            account_id=writer.pick("a1", None),
            contact_id=writer.pick("c1", "c2", None),
            direction=writer.pick("in", "out", None),
            channel=writer.pick("start", "complete", "schedule", "web", None),
            asset=writer.pick("guide", "tour", None, None),
            person=writer.pick("Ann", "Bob", None),
            minutes=writer.pick(0.1, 0.2, 30.0, None),
        )


def _offers(writer: Writer, deal: str) -> None:
    for _ in writer.times(5):
        writer.add(
            "offers",
            deal_id=deal,
            offer_id=writer.pick("o1", None),
            event=writer.pick(*_EVENTS),
            price=writer.pick(Decimal("50.0000"), Decimal("0.0000"), None),
            discount=writer.pick(0.1, 0.35, None),
            customisation=writer.pick(0.0, 0.4, None),
            services=writer.pick(Decimal("7.2500"), None),
            timeline_promise=writer.pick(True, False, None),
            roadmap_promise=writer.pick(True, False, None),
        )


def _assessments(writer: Writer, deals: Iterable[str]) -> dict[str, list[Fact]]:
    for deal in deals:
        for _ in writer.times(8):
            value, unit = writer.pick(
                (0.0, None), (0.4, "share"), (1.0, None), (35.0, "percent"), (100.0, "percent"), (65.0, None), (-0.1, None)
            )
            writer.add("assessments", deal_id=deal, kind=writer.pick("rep", "crm", "heuristic"), value=value, unit=unit)
    return writer.tables


def _contacts(writer: Writer) -> dict[str, list[Fact]]:
    for contact in ("c1", "c2", "ç3"):
        for _ in writer.times(4):
            writer.add("contacts", contact_id=contact, seniority=writer.pick(1, 2, 3, 4, None))
    return writer.tables


def _snapshots(writer: Writer, deal: str, account: str | None) -> list[Fact]:
    own = [fact for facts in writer.tables.values() for fact in facts if fact.get("deal_id") == deal]
    early = [fact for fact in own if fact["recorded_at"] < START + timedelta(days=LENGTH)]
    moments = [writer.pick(*early)["recorded_at"] + timedelta(microseconds=writer.pick(0, 0, 1)) for _ in range(4)]
    moments += [
        writer.moment() + timedelta(days=writer.pick(0, 7)),
        writer.pick(*early)["occurred_at"] + timedelta(days=writer.pick(7, 30)),
    ]
    shifts = [timedelta(days=writer.pick(0, 0, 0, 5, -5)) for _ in moments]
    unique = {(moment, moment + shift) for moment, shift in zip(moments, shifts, strict=True)}
    return [{"deal_id": deal, "account_id": account, "as_of": as_of, "known_by": known_by} for as_of, known_by in sorted(unique)]


def write_ledger(folder: Path, case: Case, seed: int, shuffled: int | None = None) -> tuple[Ledger, dict[str, list[Fact]]]:
    """Publish a company in two batches of shuffled rows, some of them in both; and say what the ledger holds now."""
    rng = random.Random(seed if shuffled is None else shuffled)
    folder.mkdir(parents=True, exist_ok=True)
    held: dict[str, list[Fact]] = {}
    for batch in range(2):
        part = {}
        for name, facts in case.tables.items():
            rows = [fact for fact in facts if _stands_in(fact, batch)]
            rng.shuffle(rows)
            held.setdefault(name, []).extend(rows)
            part[name] = pa.Table.from_pylist(rows, schema=TABLES[name].schema)
        publish(folder, Manifest(digest_of(str(seed), str(shuffled), str(batch)), "random", []), part)
    return Ledger(folder), held


def _stands_in(fact: Fact, batch: int) -> bool:
    """Whether a fact stands in a batch: a few stand in both."""
    mark = (fact["recorded_at"] - START) // timedelta(hours=3)
    return mark % 24 == 0 or mark % 2 == batch


def snapshot_table(snapshots: list[Fact]) -> pa.Table:
    """Snapshots as the engine takes them."""
    time = pa.timestamp("us", tz="UTC")
    return pa.Table.from_pylist(
        snapshots, schema=pa.schema([("deal_id", pa.string()), ("account_id", pa.string()), ("as_of", time), ("known_by", time)])
    )
