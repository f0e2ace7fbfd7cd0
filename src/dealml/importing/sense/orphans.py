"""Orphans: facts of a deal, an account or a lead that neither the ledger nor this import holds.

A reference is judged only where its table has records at all: a company that imports no accounts has no orphans of them.
Leads stand by themselves, also those that became a deal
(`dealml.importing.sense.lead_conversions`). A contact that is missing makes no orphan: the person on the other
side of a call may be a lead. A record that was merged away is known by its merge.
"""

from __future__ import annotations

from collections.abc import Iterator

from dealml.importing.identity.lives.record_events import RECORD_KINDS
from dealml.importing.identity.sql import parquet
from dealml.importing.sense.senseless_rows import NewFacts, SenseInputs, SenselessRows
from dealml.ledger.schema import TABLES
from dealml.ledger.sql import literal

REFERENCES = {"account_id": "accounts", "deal_id": "deals", "lead_id": "leads"}
"""The table of each reference, in the order of judging: a deal whose account is missing leaves orphans of its own."""

STANDING_ALONE = ("leads", "record_events")
"""Tables whose facts need no record of another table."""


def orphans(inputs: SenseInputs) -> Iterator[SenselessRows]:
    """The new facts whose deal, account or lead is missing."""
    for reference, table in REFERENCES.items():
        facts = [facts for facts in inputs.facts if _refers(facts, reference, table)]
        if facts and known_records(inputs, table):
            yield from (_without_record(one, reference, table) for one in facts)


def _refers(facts: NewFacts, reference: str, table: str) -> bool:
    into = facts.extract.into
    return into not in (table, *STANDING_ALONE) and reference in facts.extract.columns and into in facts.files


def known_records(inputs: SenseInputs, table: str) -> bool:
    """Gather the ids of a table's records; whether there is a record at all."""
    work, entity = inputs.work, TABLES[table].entity
    if not work.number(f"SELECT count(*) FROM (SELECT 1 FROM {work.stored(table)} LIMIT 1)"):
        return False
    events = f"(SELECT * FROM {work.stored('record_events')} WHERE kind = {literal(RECORD_KINDS[table])})"
    parts = [
        f'SELECT "{entity}" AS id FROM {work.stored(table)}',
        f"SELECT record_id FROM {events}",
        f"SELECT into_id FROM {events} WHERE into_id IS NOT NULL",
        *([inputs.merged[table]] if table in inputs.merged else []),
    ]
    work.con.execute(f"CREATE OR REPLACE TEMP TABLE known_records AS {' UNION '.join(parts)}")
    return True


def _without_record(facts: NewFacts, reference: str, table: str) -> SenselessRows:
    reason = f"neither the ledger nor this import holds this {RECORD_KINDS[table]}"
    query = f"""
        SELECT "row", {literal(facts.column(reference))} AS "column", "{reference}" AS value, {literal(reason)} AS reason
        FROM {parquet([facts.files[facts.extract.into]])} ANTI JOIN known_records ON id = "{reference}"
        WHERE "{reference}" IS NOT NULL"""
    return SenselessRows(facts, query, about=table)
