"""The facts that a snapshot may use. The rule "on record strictly before" is here and nowhere else.

It holds for corrections too: a fact that was corrected counts until a moment before which its correction is on record.
"""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from dealml.as_of.corrected_events import holds_at
from dealml.as_of.latest_values import CHANGED_COLUMNS, latest_of_changes
from dealml.features.calendar import days_between

CLOCKS = ("occurred_at", "recorded_at", "as_of", "known_by")
MOMENT = ("as_of", "known_by")


def is_known(recorded_at: ir.Value, known_by: ir.Value) -> ir.BooleanValue:
    """Whether a fact is on record at a moment: strictly before it."""
    known: ir.BooleanValue = recorded_at < known_by
    return known


def known_facts(moments: ir.Table, facts: ir.Table, entity: str, contacts: ir.Table | None = None) -> ir.Table:
    """Every fact on record before each moment of its entity.

    Parameters
    ----------
    moments
        Distinct (entity, as_of, known_by): `as_of` is the moment that time is counted from,
        `known_by` the moment before which a fact must have been recorded to be seen.
    facts
        Facts with the entity's column, `occurred_at` and `recorded_at`.
    contacts
        The lives of contacts, where some were merged: from then on they are one person.

    Returns
    -------
    Table
        A row for each (moment, fact), with `days_ago` since the fact occurred (negative for what is
        planned ahead) and, for each column `c` that is a time, `c_in_days`.
    """
    facts = facts.rename(_entity=entity)
    known = is_known(facts.recorded_at, moments.known_by) & holds_at(facts, moments.known_by)
    past = moments.inner_join(facts, [moments[entity] == facts["_entity"], known])
    past = past if contacts is None or "contact_id" not in facts.columns else _with_persons(past, contacts)
    return with_ages(past, facts)


def with_ages(past: ir.Table, facts: ir.Table) -> ir.Table:
    """Facts with a moment's `as_of`, and `days_ago` and the days to each of their times."""
    times = {name: days_between(past.as_of, past[name], fact=past[name]) for name in _times_of(facts)}
    days_ago = days_between(past.occurred_at, past.as_of, fact=past.occurred_at)
    return past.mutate(days_ago=days_ago, **{f"{name}_in_days": days for name, days in times.items()})


def _with_persons(past: ir.Table, contacts: ir.Table) -> ir.Table:
    """Facts with the contact that each one's is part of at the moment."""
    spans = contacts.select(_member="member_id", _person="record_id", _since="since", _until="until")
    has_begun = spans["_since"].isnull() | (spans["_since"] < past.known_by)
    is_there = spans["_until"].isnull() | (past.known_by <= spans["_until"])
    named = past.left_join(spans, [past.contact_id == spans["_member"], has_begun, is_there])
    return named.mutate(contact_id=ibis.coalesce(named["_person"], named.contact_id)).select(past.columns)


def _times_of(facts: ir.Table) -> list[str]:
    return [name for name, kind in facts.schema().items() if kind.is_timestamp() and name not in CLOCKS and not name.startswith("_")]


class PastFacts:
    """The argument of a feature's function: the facts known at each snapshot, without the snapshot's own clock."""

    __slots__ = ("_table",)

    def __init__(self, table: ir.Table) -> None:
        self._table = table

    def __getattr__(self, column: str) -> Any:
        """A column of the facts."""
        if column in CLOCKS or column.startswith("_") or column not in self._table.columns:
            seen = [name for name in self._table.columns if name not in CLOCKS and not name.startswith("_")]
            raise AttributeError(f"asks for {column!r}; it may see {', '.join(seen)}")
        return self._table[column]

    def count(self, where: Any = None) -> ir.IntegerScalar:
        """How many facts, or how many for which a condition holds."""
        return self._table.count(where=where)

    def latest(self, column: Any, where: Any = None) -> ir.Scalar:
        """A column's most recent value: by when it occurred, then when it was recorded, then in sequence.

        Facts without a value are passed over, but for a change that clears its field: then there is no value.
        """
        if not set(CHANGED_COLUMNS) <= set(self._table.columns):
            return column.argmax(self._table["_order"], where=_and_there(column, where))
        return latest_of_changes(column, self._table, where)

    def first(self, column: Any, where: Any = None) -> ir.Scalar:
        """A column's earliest value."""
        return column.argmin(self._table["_order"], where=_and_there(column, where))


def _and_there(column: Any, where: Any) -> Any:
    # Backends differ in whether argmax passes over what is missing.
    return column.notnull() if where is None else column.notnull() & where
