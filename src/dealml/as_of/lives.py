"""Lives of records: the spans of time in which a record of the CRM is there, and the records that it was made of by then.

A CRM deletes records, restores them, and merges one into another. A deleted record is gone from when that was recorded on. A merged
record is part of the other one from then on, with its whole history. A life is a span in which a record is there and made of the same
records. Records of which none of this is on record have no lives here: they are always there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

MARK = "\x1f"
"""What separates a record's id from the number of its life, from the second one on; no id holds it."""
KINDS = {"deal": "deal_id", "account": "account_id", "contact": "contact_id", "lead": "lead_id"}
"""Kinds of records, and the column that holds their ids."""
_ORDER = {"merged": 0, "deleted": 1, "restored": 2}


@dataclass(frozen=True, order=True)
class RecordEvent:
    """What the CRM did to a record, and when that was recorded."""

    recorded_at: datetime
    rank: int
    """The order within one instant: merges come before deletions, deletions before restorations."""
    record_id: str
    into_id: str

    @classmethod
    def of(cls, recorded_at: datetime, event: str, record_id: str, into_id: str | None) -> RecordEvent:
        """The event of a row of `record_events`."""
        return cls(recorded_at, _ORDER[event], record_id, into_id or "")


@dataclass(frozen=True)
class Absorption:
    """A merge by which a record became part of another one."""

    member_id: str
    into_id: str
    merged_at: datetime


@dataclass(frozen=True)
class RecordLife:
    """A span in which a record is there: `since < moment <= until`."""

    life_id: str
    record_id: str
    members: tuple[str, ...]
    """The records whose facts are its own."""
    since: datetime | None
    """None: it was always there."""
    until: datetime | None = None
    """None: it is there still."""
    successor: str | None = None
    """The life that it goes on in; None for the last, and for one that ended in a deletion."""
    absorbed: tuple[Absorption, ...] = ()
    """Of each record that it absorbed, every merge on its way here."""


@dataclass
class _Present:
    """A record as it is while events are gone through."""

    members: tuple[str, ...]
    absorbed: tuple[Absorption, ...] = ()
    lives: list[RecordLife] = field(default_factory=list)
    is_there: bool = True
    merged_into: str = ""


class _Registry:
    """The records that events are about."""

    def __init__(self) -> None:
        self.records: dict[str, _Present] = {}

    def record(self, record_id: str) -> _Present:
        if record_id not in self.records:
            self.records[record_id] = _Present((record_id,), lives=[RecordLife(record_id, record_id, (record_id,), None)])
        return self.records[record_id]

    def survivor(self, record_id: str) -> str:
        """The record that another is part of by now."""
        while into := self.record(record_id).merged_into:
            record_id = into
        return record_id

    def end(self, record_id: str, at: datetime, successor: str | None = None) -> None:
        present = self.record(record_id)
        if present.is_there:
            present.lives[-1] = replace(present.lives[-1], until=at, successor=successor)

    def begin(self, record_id: str, at: datetime) -> None:
        present = self.record(record_id)
        number = len(present.lives) + 1
        present.lives.append(RecordLife(f"{record_id}{MARK}{number}", record_id, present.members, at, absorbed=present.absorbed))
        present.is_there = True

    def delete(self, record_id: str, at: datetime) -> None:
        present = self.record(record_id)
        if present.is_there and not present.merged_into:
            self.end(record_id, at)
            present.is_there = False

    def restore(self, record_id: str, at: datetime) -> None:
        present = self.record(record_id)
        if not present.is_there and not present.merged_into:
            successor = f"{record_id}{MARK}{len(present.lives) + 1}"
            present.lives[-1] = replace(present.lives[-1], successor=successor)
            self.begin(record_id, at)

    def merge(self, loser: str, into: str, at: datetime) -> None:
        into, merged = self.survivor(into), self.record(loser)
        if merged.merged_into or into == loser:
            return
        survivor = self.record(into)
        next_id = f"{into}{MARK}{len(survivor.lives) + 1}"
        successor = next_id if survivor.is_there else None
        self.end(loser, at, successor)
        self.end(into, at, successor)
        merged.merged_into, merged.is_there = into, False
        survivor.members = (*survivor.members, *(m for m in merged.members if m not in survivor.members))
        survivor.absorbed += (*merged.absorbed, *(Absorption(member, into, at) for member in merged.members))
        if survivor.is_there:
            self.begin(into, at)


def lives_of(events: Iterable[RecordEvent]) -> list[RecordLife]:
    """Every life of the records that events are about; what ends in the instant in which it began holds no moment.

    Deleting what is deleted, restoring what is there and merging what is merged already changes nothing. What is merged into a deleted
    record is part of it, and is there again when that one is restored.
    """
    registry = _Registry()
    for event in sorted(events):
        if event.rank == _ORDER["merged"]:
            registry.merge(event.record_id, event.into_id, event.recorded_at)
        elif event.rank == _ORDER["deleted"]:
            registry.delete(event.record_id, event.recorded_at)
        else:
            registry.restore(event.record_id, event.recorded_at)
    return [life for present in registry.records.values() for life in present.lives]


def last_lives(lives: Iterable[RecordLife]) -> Mapping[str, RecordLife]:
    """By life, the one that it ends in: the last life of a record that was merged or restored."""
    by_id = {life.life_id: life for life in lives}

    def last(life: RecordLife) -> RecordLife:
        while life.successor in by_id:
            life = by_id[life.successor]
        return life

    return {life_id: last(life) for life_id, life in by_id.items()}


def record_of(life_id: str) -> str:
    """The id of the record that a life is of."""
    return life_id.partition(MARK)[0]
