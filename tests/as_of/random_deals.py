"""Random facts of some deals, and of what became of their records."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from tests.as_of.readers import Open

Row = dict[str, Any]
START = datetime(2025, 12, 1, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


class Merge(NamedTuple):
    """A record that became part of another one."""

    loser: str
    into: str
    at: datetime


def survivor(deal: str, merges: list[Merge]) -> str:
    """The record that a deal is part of after some merges, given in their order."""
    for merge in merges:
        deal = merge.into if merge.loser == deal else deal
    return deal


def day(number: float) -> datetime:
    return START + timedelta(days=number - 1)


def fact(occurred: float, recorded: float, sequence: int | None = None, **columns: Any) -> Row:
    return {"occurred_at": day(occurred), "recorded_at": day(recorded), "sequence": sequence, **columns}


class Company:
    """Facts of some deals, full of ties, repeats, corrections, late records and cleared amounts; and of what became of their records."""

    MOMENTS = (3.0, 8.0, 8.5, 15.0, 20.0, 31.0)

    def __init__(self, seed: int, record_events: int = 0) -> None:
        self.draw, self.sequence = random.Random(seed), 0
        self.deals, self.outcomes, self.changes = list[Row](), list[Row](), list[Row]()
        for deal in (f"D{number:02d}" for number in range(20)):
            self.deals += [self._fact(1, 12, deal_id=deal, account_id="A") for _ in range(self.draw.choice([1, 1, 1, 2]))]
            for _ in range(self.draw.choice([0, 1, 1, 2, 5])):
                self.outcomes.append(self._fact(1, 32, deal_id=deal, outcome=self.draw.choice(["won", "won", "lost", "reopened"])))
            for _ in range(self.draw.choice([0, 1, 2, 5])):
                value = self.draw.choice([None, 100, 250, 0, 70])
                self.changes.append(self._fact(1, 32, deal_id=deal, field="amount", amount=value))
        self.events = [self._event() for _ in range(record_events)]

    def _event(self) -> Row:
        what = self.draw.choice(["deleted", "deleted", "restored", "restored", "merged"])
        loser, into = sorted(self.draw.sample([*(f"D{number:02d}" for number in range(20)), "N"], 2))
        return self._fact(2, 32, record_id=loser, kind="deal", event=what, into_id=into if what == "merged" else None)

    @property
    def facts(self) -> dict[str, list[Row]]:
        """The tables of a ledger."""
        tables = {"deals": self.deals, "outcomes": self.outcomes, "deal_changes": self.changes}
        return tables | ({"record_events": self.events} if self.events else {})

    def merges(self, at: datetime) -> tuple[list[Merge], set[str]]:
        """The merges on record by a moment, one after the other, and the records that are deleted then."""
        merges, gone = list[Merge](), set[str]()
        ranks = ("merged", "deleted", "restored")
        told = [row for row in self.events if row["recorded_at"] < at]
        for row in sorted(told, key=lambda row: (row["recorded_at"], ranks.index(row["event"]), row["record_id"], row["into_id"] or "")):
            deal = row["record_id"]
            if deal in (merge.loser for merge in merges):
                continue
            if row["event"] == "merged" and (into := survivor(row["into_id"], merges)) != deal:
                merges.append(Merge(deal, into, row["recorded_at"]))
            elif row["event"] == "deleted":
                gone.add(deal)
            elif row["event"] == "restored":
                gone.discard(deal)
        return merges, gone

    def records(self, at: datetime) -> Callable[[str], str | None]:
        """What became of a deal's record by a moment: the id of the one that it is part of, None where that is deleted."""
        merges, gone = self.merges(at)
        return lambda deal: None if survivor(deal, merges) in gone else survivor(deal, merges)

    def _fact(self, first: int, last: int, **columns: Any) -> Row:
        self.sequence += 1
        recorded = self.draw.choice([float(self.draw.randint(first, last)), *(at for at in self.MOMENTS if first <= at <= last)])
        occurred = recorded - self.draw.choice([0, 0, 0, 2, 9, -3])
        return fact(occurred, recorded, self.sequence, **columns)

    def states(self, at: datetime) -> dict[str, str]:
        """The last outcome on record of each deal that is there: won, lost, or reopened, which a deal without any counts as."""
        record, (merges, _) = self.records(at), self.merges(at)
        there = {name for row in self.deals if row["recorded_at"] < at and (name := record(row["deal_id"]))}
        return {deal: self._state(deal, merges, at - INSTANT) or "" for deal in sorted(there)}

    def _state(self, deal: str, merges: list[Merge], until: datetime) -> str | None:
        """The last outcome that counts for a record after some merges; None where the record is not there yet."""
        if not any(survivor(row["deal_id"], merges) == deal and row["recorded_at"] <= until for row in self.deals):
            return None
        told = [row for row in self.outcomes if survivor(row["deal_id"], merges) == deal and row["recorded_at"] <= until]
        told = [row for row in told if self._counts(row, merges)]
        told.sort(key=lambda row: (row["recorded_at"], row["occurred_at"], row["sequence"]))
        return str(told[-1]["outcome"]) if told else "reopened"

    def _counts(self, outcome: Row, merges: list[Merge]) -> bool:
        """Whether no merge overruled an outcome: the record that stays says its state, a new one is open if one of its own was."""
        deal = outcome["deal_id"]
        for merge in merges:
            if merge.loser == deal:
                deal = merge.into
                if self._is_on_record(deal, max(merge.at, outcome["recorded_at"])) or self._was_open(deal, merges):
                    return False
        return True

    def _is_on_record(self, deal: str, until: datetime) -> bool:
        return any(row["deal_id"] == deal and row["recorded_at"] <= until for row in self.deals)

    def _was_open(self, new: str, merges: list[Merge]) -> bool:
        """Whether a record that was merged into a new one, before that was on record itself, was open by then."""
        return any(
            merge.into == new and not self._is_on_record(new, merge.at) and self._state(merge.loser, merges[:place], merge.at) == "reopened"
            for place, merge in enumerate(merges)
        )

    def open_at(self, at: datetime) -> Open:
        """The rule in words: the last record says the state, the last occurrence the amount."""
        found: Open = {}
        record = self.records(at)
        for deal in (name for name, state in self.states(at).items() if state == "reopened"):
            changes = [row for row in self.changes if record(row["deal_id"]) == deal and row["recorded_at"] < at]
            changes.sort(key=lambda row: (row["occurred_at"], row["recorded_at"], row["sequence"]))
            found[deal] = changes[-1]["amount"] if changes else None
        return found
