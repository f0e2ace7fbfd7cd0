"""Conversions of leads that make no sense: into a deal that nobody knows, or before the lead came in.

The lead did become a deal, so its conversion stays on record; it is counted.
"""

from __future__ import annotations

from collections.abc import Iterator

from dealml.importing.identity.sql import parquet
from dealml.importing.sense.orphans import known_records
from dealml.importing.sense.senseless_rows import SenseInputs, SenselessRows
from dealml.ledger.sql import literal


def conversions_without_deal(inputs: SenseInputs) -> Iterator[SenselessRows]:
    """The new conversions into a deal that neither the ledger nor this import holds; none where there are no deals at all."""
    facts = list(inputs.of("leads"))
    if not facts or not known_records(inputs, "deals"):
        return
    for new, _, path in facts:
        query = f"""
            SELECT "row", {literal(new.column("deal_id"))} AS "column", deal_id AS value,
                   'neither the ledger nor this import holds this deal' AS reason
            FROM {parquet([path])} ANTI JOIN known_records ON id = deal_id WHERE event = 'converted' AND deal_id IS NOT NULL"""
        yield SenselessRows(new, query)


def conversions_before_creation(inputs: SenseInputs) -> Iterator[SenselessRows]:
    """The new conversions that occurred before the lead came in, of each lead one."""
    if inputs.work.mapping.cross_section:
        return
    zone = literal(inputs.work.company_zone)
    for new, _, path in inputs.of("leads"):
        query = f"""
            SELECT min("row") AS "row", {literal(new.column("lead_id"))} AS "column", lead_id AS value,
                   'before the lead came in, on ' || strftime(timezone({zone}, min(began)), '%Y-%m-%d') AS reason
            FROM (SELECT lead_id, occurred_at AS ended, "row" FROM {parquet([path])} WHERE event = 'converted')
            JOIN (SELECT lead_id, min(occurred_at) AS began FROM {inputs.work.stored("leads")} WHERE event = 'created' GROUP BY lead_id)
                USING (lead_id)
            WHERE ended < began GROUP BY lead_id"""
        yield SenselessRows(new, query)
