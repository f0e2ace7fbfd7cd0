"""Outcomes that leave a deal no life: at or before its creation, or on record no later than the deal itself.

Of a deal that was never seen open there is no moment at which it could have been scored, and so nothing to learn from it.
"""

from __future__ import annotations

from collections.abc import Iterator

from dealml.importing.identity.sql import parquet
from dealml.importing.sense.senseless_rows import SenseInputs, SenselessRows
from dealml.ledger.sql import literal


def outcomes_before_creation(inputs: SenseInputs) -> Iterator[SenselessRows]:
    """The new outcomes that occurred at or before the creation of their deal."""
    yield from _no_later(inputs, "occurred_at", "at or before the deal's creation on ")


def deals_never_open(inputs: SenseInputs) -> Iterator[SenselessRows]:
    """The new outcomes that were recorded no later than their deal, of each deal one."""
    yield from _no_later(inputs, "recorded_at", "closed no later than the deal was on record, on ")


def _no_later(inputs: SenseInputs, clock: str, reason: str) -> Iterator[SenselessRows]:
    if inputs.work.mapping.cross_section:
        return
    for facts, _, path in inputs.of("outcomes"):
        query = f"""
            SELECT min("row") AS "row", {literal(facts.column("deal_id"))} AS "column", deal_id AS value,
                   {literal(reason)} || strftime(timezone({literal(inputs.work.company_zone)}, min(began)), '%Y-%m-%d') AS reason
            FROM (SELECT deal_id, {clock} AS ended, "row" FROM {parquet([path])} WHERE outcome IN ('won', 'lost'))
            JOIN (SELECT deal_id, min({clock}) AS began FROM {inputs.work.stored("deals")} GROUP BY deal_id) USING (deal_id)
            WHERE ended <= began GROUP BY deal_id"""
        yield SenselessRows(facts, query)
