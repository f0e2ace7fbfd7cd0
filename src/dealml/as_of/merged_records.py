"""Merged deals and leads: the account and the state of the record that stays hold; everything else is the history of both.

An absorbed deal names no account once the surviving one has an account, and its outcomes count no longer once the surviving one is on
record itself: a lost duplicate closes no open deal. A merge into a new record, which says nothing of its own yet, leaves the state of
those that were open by then.

So it is with leads: the conversion or disqualification of an absorbed one, and its company, count no longer once the surviving one is
on record itself.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _
from ibis.backends.duckdb import Backend

from dealml.as_of.connection import temporary
from dealml.as_of.lives import Absorption, RecordLife
from dealml.as_of.merged_states import Histories, MergedStates, State
from dealml.ledger.fact_table import TYPES

MERGES = pa.schema([(name, pa.string()) for name in ("as_id", "member_id", "into_id")] + [("merged_at", TYPES["time"])])
"""A row for each record that a life absorbed, and each merge on its way there; `as_id` names the life, or its record."""


@dataclass(frozen=True)
class Merges:
    """The merges that lives are made of."""

    con: Backend
    absorbed: Mapping[str, Sequence[Absorption]]
    """By the id of the life, or of its record."""
    table: ir.Table
    """In the form of `MERGES`."""

    @classmethod
    def of(cls, con: Backend, lives: Iterable[RecordLife], by_record: bool = False) -> Merges:
        """The merges of lives.

        Parameters
        ----------
        by_record
            Whether lives go by the ids of their records.
        """
        absorbed = {life.record_id if by_record else life.life_id: life.absorbed for life in lives}
        return cls(con, absorbed, temporary(con, "merges", merge_rows(absorbed)))


def merge_rows(absorbed: Mapping[str, Sequence[Absorption]]) -> pa.Table:
    """The merges of lives in the form of `MERGES`."""
    rows = [
        {"as_id": as_id, "member_id": a.member_id, "into_id": a.into_id, "merged_at": a.merged_at}
        for as_id, absorptions in absorbed.items()
        for a in absorptions
    ]
    return pa.Table.from_pylist(rows, MERGES)


def without_absorbed(copies: ir.Table, name: str, tables: Mapping[str, ir.Table], merges: Merges) -> ir.Table:
    """The facts of lives without what the surviving deal or lead overrules of absorbed ones: accounts, outcomes and events.

    Parameters
    ----------
    copies
        Facts of a table with the life that each belongs to, `as_id`, and the record that it was recorded of, `member_id`.
    name
        The name of the table; facts of others than `deals`, `leads` and `outcomes` stay as they are.
    tables
        The fact tables as recorded.
    merges
        Of deals, or of leads.
    """
    if name == "leads":
        leads, turns = tables[name], ["converted", "disqualified", "recycled"]
        states = leads.filter(leads.event.isin(turns))
        overruled = ibis.union(_merges_into(leads, merges.table), _merges_with_open(leads, states, "event", turns[:2], merges))
        became = copies.event.isin(turns)
        copies = ibis.union(copies.filter(~became), copies.filter(became).anti_join(overruled, _matches(copies, overruled)))
    if name in ("deals", "leads"):
        overruled = _merges_into(tables[name].filter(lambda t: t.account_id.notnull()), merges.table)
        absorbed = copies.semi_join(overruled, _matches(copies, overruled)).mutate(account_id=ibis.null("string"))
        return ibis.union(copies.anti_join(overruled, _matches(copies, overruled)), absorbed.select(copies.columns))
    if name == "outcomes":
        overruled = ibis.union(
            _merges_into(tables["deals"], merges.table),
            _merges_with_open(tables["deals"], tables["outcomes"], "outcome", ["won", "lost"], merges),
        )
        return copies.anti_join(overruled, _matches(copies, overruled))
    return copies


def _matches(copies: ir.Table, overruled: ir.Table) -> list[ir.BooleanValue]:
    """Which facts are overruled: not before both the merge and what overrules them are on record."""
    seen_at = ibis.greatest(copies.recorded_at, overruled.merged_at)
    return [copies.as_id == overruled.as_id, copies.member_id == overruled.member_id, overruled.stated_at <= seen_at]


def _merges_into(records: ir.Table, merges: ir.Table) -> ir.Table:
    """The merges into records that are there, and since when these are: `stated_at`."""
    stated = records.group_by(_stated_id=records.columns[0]).agg(stated_at=records.recorded_at.min())
    return merges.join(stated, merges.into_id == stated["_stated_id"]).select(*MERGES.names, "stated_at")


def _merges_with_open(records: ir.Table, states: ir.Table, column: str, ended: Sequence[str], merges: Merges) -> ir.Table:
    """The merges into the same new record as one that was open by then: the last of its states, if any, is none of `ended`."""
    histories = _histories(records, states, column, ended, merges)
    opened = {as_id: MergedStates(absorbed, histories).opened() for as_id, absorbed in merges.absorbed.items()}
    overruled = {as_id: [a for a in merges.absorbed[as_id] if a.into_id in into] for as_id, into in opened.items()}
    return temporary(merges.con, "opened", merge_rows(overruled)).mutate(stated_at=_.merged_at)


def _histories(records: ir.Table, states: ir.Table, column: str, ended: Sequence[str], merges: Merges) -> Histories:
    entity = records.columns[0]
    ids = ibis.union(merges.table.select(id=_.member_id), merges.table.select(id=_.into_id), distinct=True)
    merged = records.semi_join(ids, records[entity] == ids.id)
    began = merges.con.to_pyarrow(merged.group_by(entity).agg(began=merged.recorded_at.min())).to_pylist()
    ordered = ("recorded_at", "occurred_at", "sequence", column)
    known = defaultdict[str, list[State]](list)
    for row in merges.con.to_pyarrow(states.semi_join(ids, states[entity] == ids.id).select(entity, *ordered)).to_pylist():
        sequence = math.inf if row["sequence"] is None else row["sequence"]
        known[row[entity]].append(State(row["recorded_at"], row["occurred_at"], sequence, row[column]))
    return Histories({row[entity]: row["began"] for row in began}, known, ended)
