"""Merges into new records: which of these are open, since a record that was open by then became part of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from dealml.as_of.lives import Absorption


class State(NamedTuple):
    """A state that is on record of a record; states go by this order."""

    recorded_at: datetime
    occurred_at: datetime
    sequence: float
    """Infinite where there is none: it is the last of its moment."""
    state: str


@dataclass(frozen=True)
class Histories:
    """What is on record of records by themselves, without those that were merged into them."""

    began: Mapping[str, datetime]
    """Since when each is on record."""
    states: Mapping[str, Sequence[State]]
    ended: Collection[str]
    """The states in which a record is not open; in any other, and without one, it is."""

    def is_on_record(self, record_id: str, until: datetime) -> bool:
        """Whether a record itself is there by a moment."""
        return record_id in self.began and self.began[record_id] <= until


class MergedStates:
    """The states of records at their merges, each with the history of those that it had absorbed by then.

    Parameters
    ----------
    absorbed
        The merges of one life, those of a record in the order in which they were made.
    histories
        Of all records that are part of it.
    """

    def __init__(self, absorbed: Sequence[Absorption], histories: Histories) -> None:
        self._histories = histories
        self._merge = dict[str, Absorption]()
        for absorption in absorbed:
            # The first one is the record's own merge; the others are those of the records that it was part of by then.
            self._merge.setdefault(absorption.member_id, absorption)
        self._parts = defaultdict[str, list[str]](list)
        for merge in self._merge.values():
            self._parts[merge.into_id].append(merge.member_id)
        self._is_opened = dict[str, bool]()

    def opened(self) -> set[str]:
        """The new records that are open, since one that was open was merged into them before they were on record themselves."""
        return {into for into in list(self._parts) if self._opens(into)}

    def _opens(self, into: str) -> bool:
        if into not in self._is_opened:
            new = [part for part in self._parts[into] if not self._histories.is_on_record(into, self._merge[part].merged_at)]
            self._is_opened[into] = any(self._was_open(part) for part in new)
        return self._is_opened[into]

    def _was_open(self, record_id: str) -> bool:
        """Whether a record was there and open when it was merged."""
        until, members = self._merge[record_id].merged_at, list(self._members(record_id))
        if not any(self._histories.is_on_record(member, until) for member in members):
            return False
        known = [(member, state) for member in members for state in self._histories.states.get(member, ()) if state.recorded_at <= until]
        counted = [state for member, state in known if self._counts(member, state, record_id)]
        return not counted or max(counted).state not in self._histories.ended

    def _members(self, record_id: str) -> Iterator[str]:
        yield record_id
        for part in self._parts.get(record_id, ()):
            yield from self._members(part)

    def _counts(self, member: str, state: State, record_id: str) -> bool:
        """Whether no merge on the way into a record overruled a state of one of its members."""
        while member != record_id:
            into, merged_at = self._merge[member].into_id, self._merge[member].merged_at
            if self._histories.is_on_record(into, max(merged_at, state.recorded_at)) or self._opens(into):
                return False
            member = into
        return True
