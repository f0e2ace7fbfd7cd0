"""The slow, obvious reading of features: one snapshot at a time, loops over plain lists and dicts.

Nothing here is shared with the engine: no tables, no joins, no expressions.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

Fact = dict[str, Any]
Condition = Callable[[Fact], bool]

MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)


def days(start: datetime, end: datetime) -> float:
    """Days from one moment to another."""
    return ((end - start) // MICROSECOND) / 86_400_000_000


def anything(fact: Fact) -> bool:
    """No condition."""
    return True


def in_order(facts: list[Fact]) -> list[Fact]:
    """By occurrence, then recording, then sequence, then the remaining columns; what is missing comes last."""
    clocks = ("occurred_at", "recorded_at", "sequence")

    def place(fact: Fact) -> list[tuple[bool, Any]]:
        rest = sorted((name for name in fact if name not in clocks and name != "days_ago"), key=lambda name: name != "number")
        names = [*clocks, *rest]
        return [(fact[name] is None, 0 if fact[name] is None else fact[name]) for name in names]

    return sorted(facts, key=place)


def count(facts: list[Fact], condition: Condition = anything) -> int:
    """How many facts."""
    number = 0
    for fact in facts:
        if condition(fact):
            number += 1
    return number


def values(facts: list[Fact], column: str, condition: Condition = anything) -> list[Any]:
    """What a column holds, missing values left out."""
    found = []
    for fact in facts:
        if condition(fact) and fact[column] is not None:
            found.append(fact[column])
    return found


def different(facts: list[Fact], column: str, condition: Condition = anything) -> int:
    """How many different values."""
    return len(set(values(facts, column, condition)))


def is_cleared(fact: Fact) -> bool:
    """Whether a fact is a change without any value."""
    return "field" in fact and all(fact[name] is None for name in ("text", "number", "amount", "moment"))


def latest(facts: list[Fact], column: str, condition: Condition = anything) -> Any:
    """The last value in order; a change without any value takes it away."""
    found = None
    for fact in in_order([fact for fact in facts if condition(fact)]):
        if fact[column] is not None or is_cleared(fact):
            found = fact[column]
    return found


def first(facts: list[Fact], column: str, condition: Condition = anything) -> Any:
    """The first value in order."""
    found = values(in_order(facts), column, condition)
    return found[0] if found else None


def least(facts: list[Fact], column: str, condition: Condition = anything) -> Any:
    """The smallest value."""
    return min(values(facts, column, condition), default=None)


def greatest(facts: list[Fact], column: str, condition: Condition = anything) -> Any:
    """The largest value."""
    return max(values(facts, column, condition), default=None)


def changes(facts: list[Fact], field: str, column: str) -> list[Fact]:
    """Facts by which an attribute really changed, in the order in which they were recorded."""
    real: list[Fact] = []
    before: Fact | None = None
    for fact in sorted(in_order(facts), key=lambda fact: fact["recorded_at"]):
        if fact["field"] != field or fact[column] is None:
            continue
        if before is None or before[column] != fact[column]:
            previous = None if before is None else before[column]
            number = None if before is None else before["number"]
            real.append(fact | {"previous": previous, "previous_number": number})
        before = fact
    return real


def clip(value: float | None, lower: float, upper: float | None = None) -> float | None:
    """A value within bounds."""
    if value is None:
        return None
    return max(lower, value) if upper is None else min(upper, max(lower, value))


def divided(numerator: float | None, denominator: float | None) -> float | None:
    """A quotient, or nothing."""
    return None if numerator is None or not denominator else float(numerator) / float(denominator)


class Sight:
    """What is known of a deal, its account and its company at a snapshot."""

    def __init__(self, company: Company, deal_id: str, account_id: str | None, as_of: datetime, known_by: datetime) -> None:
        self.company, self.deal_id, self.account_id = company, deal_id, account_id
        self.as_of, self.known_by = as_of, known_by

    def of_deal(self, table: str) -> list[Fact]:
        """The deal's own facts on record before the snapshot."""
        return self._seen(self.company.tables.get(table, []), "deal_id", self.deal_id)

    def rates_of(self, currency: str | None) -> list[Fact]:
        """A currency's rates on record before the snapshot."""
        return self._seen(self.company.tables.get("rates", []), "currency", currency)

    def _seen(self, facts: list[Fact], entity: str, name: str | None) -> list[Fact]:
        seen = []
        for fact in facts:
            if name is not None and fact[entity] == name and fact["recorded_at"] < self.known_by:
                seen.append(fact | {"days_ago": days(fact["occurred_at"], self.as_of)})
        return seen

    def day_ago(self, recorded_at: datetime) -> float:
        """Whole days from the end of a record's day to the snapshot's next midnight."""
        return days(_midnight_after(recorded_at), _midnight_after(self.as_of - MICROSECOND))

    def over(self, recorded_at: datetime) -> bool:
        """Whether the day of a record was over on the day before the snapshot's next midnight."""
        return _midnight_after(recorded_at) < _midnight_after(self.known_by - MICROSECOND)


class Company:
    """All facts of a company, and what became of its deals."""

    def __init__(self, tables: dict[str, list[Fact]]) -> None:
        self.tables = tables
        self._keys: dict[tuple[Callable[[Sight], Any], str, datetime], Any] = {}

    @cached_property
    def closings(self) -> list[Fact]:
        """Each time a deal was won or lost, with the account and the creation that were on record by then."""
        closings, before = [], dict[str, str]()
        for outcome in sorted(in_order(self.tables.get("outcomes", [])), key=lambda fact: fact["recorded_at"]):
            repeats = before.get(outcome["deal_id"]) == outcome["outcome"]
            before[outcome["deal_id"]] = outcome["outcome"]
            if outcome["outcome"] in ("won", "lost") and not repeats:
                told = [
                    d for d in self.tables["deals"] if d["deal_id"] == outcome["deal_id"] and d["recorded_at"] <= outcome["recorded_at"]
                ]
                created = least(told, "occurred_at")
                length = None if created is None else days(created, outcome["occurred_at"])
                closings.append(
                    {"usual": None}
                    | outcome
                    | {"account_id": latest(told, "account_id"), "won": outcome["outcome"] == "won", "days": length}
                )
        for closing in closings:
            earlier = [c["won"] for c in closings if _midnight_after(c["recorded_at"]) < _midnight_after(closing["recorded_at"])]
            closing["usual"] = (sum(earlier) + 20 * 0.25) / (len(earlier) + 20)
        return closings

    def value_at(self, key: Callable[[Sight], Any], deal_id: str, moment: datetime) -> Any:
        """A key of a deal just before a moment."""
        asked = key, deal_id, moment
        if asked not in self._keys:
            self._keys[asked] = key(Sight(self, deal_id, None, moment, moment))
        return self._keys[asked]

    @cached_property
    def passages(self) -> list[Fact]:
        """Each stage that each closed deal passed, with the days it stayed there in all."""
        passages, ends, usual = [], dict[tuple[str, datetime], bool](), dict[datetime, float]()
        for closing in self.closings:
            end = closing["deal_id"], closing["recorded_at"]
            ends[end] = ends.get(end, False) or closing["won"]
            usual[closing["recorded_at"]] = closing["usual"]
        for (deal_id, closed_at), won in ends.items():
            own = [fact for fact in self.tables.get("deal_changes", []) if fact["deal_id"] == deal_id]
            for stage, stayed in _stays(changes(own, "stage", "text"), closed_at).items():
                passages.append({"stage": stage, "recorded_at": closed_at, "won": won, "days": stayed, "usual": usual[closed_at]})
        return passages


def _stays(moves: list[Fact], closed_at: datetime) -> dict[str, float]:
    stays: dict[str, float] = {}
    for place, move in enumerate(moves):
        left_at = moves[place + 1]["recorded_at"] if place + 1 < len(moves) else closed_at
        if move["recorded_at"] < closed_at:
            stays[move["text"]] = stays.get(move["text"], 0.0) + days(move["recorded_at"], min(left_at, closed_at))
    return stays


def _midnight_after(moment: datetime) -> datetime:
    return datetime(moment.year, moment.month, moment.day, tzinfo=UTC) + DAY
