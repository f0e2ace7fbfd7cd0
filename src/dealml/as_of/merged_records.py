"""Merged deals and leads: the account and the state of the record that stays hold; everything else is the history of both.

An absorbed deal names no account once the surviving one has an account, and its outcomes count no longer once the surviving one is on
record itself: a lost duplicate closes no open deal. A merge into a new record, which says nothing of its own yet, leaves the state of
those that were open by then.

So it is with leads: the conversion or disqualification of an absorbed one, and its company, count no longer once the surviving one is
on record itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from dealml.as_of.lives import RecordLife
from dealml.ledger.fact_table import TYPES

MERGES = pa.schema([(name, pa.string()) for name in ("as_id", "member_id", "into_id")] + [("merged_at", TYPES["time"])])
"""A row for each record that a life absorbed, and each merge on its way there; `as_id` names the life, or its record."""


def merges_of(lives: Iterable[RecordLife], by_record: bool = False) -> pa.Table:
    """The merges that lives are made of, in the form of `MERGES`.

    Parameters
    ----------
    by_record
        Whether lives go by the ids of their records.
    """
    rows = [
        {"as_id": life.record_id if by_record else life.life_id, "member_id": a.member_id, "into_id": a.into_id, "merged_at": a.merged_at}
        for life in lives
        for a in life.absorbed
    ]
    return pa.Table.from_pylist(rows, MERGES)


def without_absorbed(copies: ir.Table, name: str, tables: Mapping[str, ir.Table], merges: ir.Table) -> ir.Table:
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
        Of deals, or of leads, in the form of `MERGES`.
    """
    if name == "leads":
        leads, turns = tables[name], ["converted", "disqualified", "recycled"]
        states = leads.filter(leads.event.isin(turns))
        overruled = ibis.union(_merges_into(leads, merges), _merges_with_open(leads, states, "event", turns[:2], merges))
        became = copies.event.isin(turns)
        copies = ibis.union(copies.filter(~became), copies.filter(became).anti_join(overruled, _matches(copies, overruled)))
    if name in ("deals", "leads"):
        overruled = _merges_into(tables[name].filter(lambda t: t.account_id.notnull()), merges)
        absorbed = copies.semi_join(overruled, _matches(copies, overruled)).mutate(account_id=ibis.null("string"))
        return ibis.union(copies.anti_join(overruled, _matches(copies, overruled)), absorbed.select(copies.columns))
    if name == "outcomes":
        overruled = ibis.union(
            _merges_into(tables["deals"], merges),
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


def _merges_with_open(records: ir.Table, states: ir.Table, column: str, ended: Sequence[str], merges: ir.Table) -> ir.Table:
    """The merges into the same record as one that was open by then: the last of its states, if any, is none of `ended`."""
    entity = records.columns[0]
    begun = merges.semi_join(records, [merges.member_id == records[entity], records.recorded_at <= merges.merged_at])
    known = begun.join(states, [begun.member_id == states[entity], states.recorded_at <= begun.merged_at])
    merge = ["as_id", "member_id", "into_id"]
    order = [known[name].desc() for name in ("recorded_at", "occurred_at", "sequence", column)]
    last = known.mutate(_place=ibis.row_number().over(group_by=merge, order_by=order)).filter(lambda t: t["_place"] == 0)
    opened = begun.anti_join(last.filter(last[column].isin(ended)), merge)
    return merges.semi_join(opened, ["as_id", "into_id"]).mutate(stated_at=merges.merged_at)
