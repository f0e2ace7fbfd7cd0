"""The ledger's tables in the form of lives: what is known of a record at a moment are the facts of the life that it then has.

Tables hold each fact as it was recorded, and a copy of it under every later life that the fact is part of, but for what a surviving
deal overrules of an absorbed one (`dealml.as_of.merged_records`). A fact that belongs to a deal, an account and a lead has copies for each
that leave the others out, so that nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from dealml.as_of.connection import temporary
from dealml.as_of.lives import KINDS, RecordEvent, RecordLife, last_lives, lives_of
from dealml.as_of.merged_records import Merges, without_absorbed
from dealml.ledger.fact_table import TYPES

AS_RECORDED = "__as_recorded"
"""The end of the names of tables without copies, for what sums up a whole company."""
LIVES = "lives__"
"""What the name of the table of lives of an entity begins with; the entity's column follows."""
_COPIED = {
    "deal_id": (
        *("deals", "deal_changes", "outcomes", "milestones", "stakeholders", "activities", "offers", "assessments"),
        *("time_entries", "approvals", "deliveries"),
    ),
    "account_id": ("accounts", "account_changes", "subscriptions", "purchases", "usage", "surveys", "tickets", "activities"),
    "lead_id": ("leads", "lead_changes", "activities", "time_entries"),
}
_SPEAKS_OF = {
    ("leads", "deal_id"),
    *((name, "account_id") for name in ("deals", "contacts", "leads", "activities", "costs")),
    *((name, "lead_id") for name in ("activities", "time_entries")),
}
_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("life_id", "record_id", "last_id", "member_id")]
    + [(name, TYPES["time"]) for name in ("since", "until", "gone_at")]
)


def record_lives(con: Backend, events: ir.Table) -> dict[str, list[RecordLife]]:
    """By the column of their ids, the lives of the records that something happened to.

    Of contacts only merges count: what a deleted person did with a deal are facts of the deal.

    Parameters
    ----------
    events
        The table `record_events`, cut to what is known.
    """
    events = events.filter((events.kind != "contact") | (events.event == "merged"))
    rows = con.to_pyarrow(events.select("kind", "recorded_at", "event", "record_id", "into_id")).to_pylist()
    by_kind = {
        entity: [RecordEvent.of(r["recorded_at"], r["event"], r["record_id"], r["into_id"]) for r in rows if r["kind"] == kind]
        for kind, entity in KINDS.items()
    }
    return {entity: lives_of(kind_events) for entity, kind_events in by_kind.items() if kind_events}


def in_lives(con: Backend, tables: Mapping[str, ir.Table]) -> dict[str, ir.Table]:
    """Tables with copies of facts under later lives; as they are where nothing happened to a record.

    Returns
    -------
    dict
        The tables; for those with copies also the facts as recorded, under the name and `AS_RECORDED`; and the lives of deals,
        accounts, leads and contacts (whose facts have no copies) under `LIVES` and the column of their ids: `life_id`, `record_id`,
        `member_id` (a row for each record that it is made of), `last_id` (the life that it ends in), `since`, `until`, `gone_at`
        (when the last life was deleted).
    """
    formed = dict(tables)
    if "record_events" not in tables:
        return formed
    for entity, lives in record_lives(con, tables["record_events"]).items():
        table = _lives_table(con, entity, lives)
        formed[LIVES + entity] = table
        merges = Merges.of(con, lives)
        for name in set(_COPIED.get(entity, ())) & set(tables):
            formed.setdefault(name + AS_RECORDED, tables[name])
            formed[name] = ibis.union(formed[name], _copies(tables, name, entity, table, merges))
    return formed


def resolved(con: Backend, tables: Mapping[str, ir.Table], at: datetime) -> dict[str, ir.Table]:
    """Tables as they are at one moment: facts under the ids of the records that are there then, without those of records that are gone.

    A fact that only speaks of a record that is gone, such as a deal of its account or a lead of its deal, stays and has none.

    Parameters
    ----------
    tables
        Cut to what was recorded before the moment.
    """
    if "record_events" not in tables:
        return dict(tables)
    formed = {name: table for name, table in tables.items() if name != "record_events"}
    for entity, lives in record_lives(con, tables["record_events"]).items():
        ids = temporary(con, "resolution", present_ids(lives, at))
        merges = Merges.of(con, (life for life in lives if _is_there(life, at)), by_record=True)
        recorded = dict(formed)
        for name, table in recorded.items():
            if entity in table.columns:
                joined = table.left_join(ids, table[entity] == ids.member_id)
                if name in _COPIED.get(entity, ()):
                    joined = without_absorbed(joined, name, recorded, merges)
                is_gone = joined.member_id.notnull() & joined.as_id.isnull()
                named = joined.mutate(**{entity: is_gone.ifelse(ibis.null("string"), ibis.coalesce(joined.as_id, joined[entity]))})
                formed[name] = (named if (name, entity) in _SPEAKS_OF else named.filter(~is_gone)).select(table.columns)
    return formed


def present_ids(lives: Sequence[RecordLife], at: datetime) -> pa.Table:
    """Of each record, `member_id`, the record that it is part of at a moment, `as_id`; null where that one is gone."""
    there = {member: life.record_id for life in lives if _is_there(life, at) for member in life.members}
    members = sorted({member for life in lives for member in life.members})
    return pa.table({"member_id": pa.array(members, pa.string()), "as_id": pa.array([there.get(m) for m in members], pa.string())})


def _is_there(life: RecordLife, at: datetime) -> bool:
    return (life.since is None or life.since < at) and (life.until is None or at <= life.until)


def _lives_table(con: Backend, entity: str, lives: Sequence[RecordLife]) -> ir.Table:
    last = last_lives(lives)
    rows = [
        {
            "life_id": life.life_id,
            "record_id": life.record_id,
            "last_id": last[life.life_id].life_id,
            "member_id": member,
            "since": life.since,
            "until": life.until,
            "gone_at": last[life.life_id].until,
        }
        for life in lives
        for member in life.members
    ]
    return temporary(con, LIVES + entity, pa.Table.from_pylist(rows, _SCHEMA))


def _copies(tables: Mapping[str, ir.Table], name: str, entity: str, lives: ir.Table, merges: Merges) -> ir.Table:
    """The facts under the lives that are not the records' own first ones."""
    facts = tables[name]
    later = lives.filter(lives.life_id != lives.member_id).select("member_id", as_id="life_id")
    copies = without_absorbed(facts.inner_join(later, facts[entity] == later.member_id), name, tables, merges)
    others = [other for other, names in _COPIED.items() if other != entity and name in names]
    columns = {entity: copies.as_id} | {other: ibis.null("string") for other in others}
    return copies.mutate(**columns).select(facts.columns)
