"""Stages that the mapping's `order` does not list, so that nobody knows where in the funnel they stand.

A stage that ends a deal needs no place there: a text that the mapping turns into an outcome, and what a deal is moved to
when it has been won or lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dealml.importing.identity.sql import parquet
from dealml.importing.mapping.extract import Extract
from dealml.importing.sense.senseless_rows import NewFacts, SenseInputs, SenselessRows
from dealml.ledger.sql import literal


def unlisted_stages(inputs: SenseInputs) -> Iterator[SenselessRows]:
    """The new stages, of deals that are not closed, that have no place in the declared order."""
    closing = {text for extract in inputs.work.mapping.extracts if extract.into == "outcomes" for text in _closing(extract)}
    for facts, _, path in inputs.of("deal_changes"):
        stage = facts.extract.attributes.get("stage")
        if stage and stage.order:
            mapped = {stage.values.get(text, text) for text in closing} if stage.values else closing
            yield SenselessRows(facts, _query(inputs, facts, path, closing | mapped), ("attributes", "stage", "order"))


def _closing(extract: Extract) -> Iterator[str]:
    """The texts by which a mapping recognises outcomes."""
    yield from extract.columns["outcome"].values or ()
    for condition in extract.where.values():
        yield from condition.any_of or ()


def _query(inputs: SenseInputs, facts: NewFacts, path: Path, closing: set[str]) -> str:
    listed = ", ".join(map(literal, sorted(closing))) or "NULL"
    return f"""
        SELECT "row", {literal(facts.column("stage"))} AS "column", "text" AS value, 'is not listed by order' AS reason
        FROM (SELECT * FROM {parquet([path])}
              WHERE field = 'stage' AND "number" IS NULL AND "text" IS NOT NULL AND NOT coalesce("text" IN ({listed}), false)) AS c
        WHERE NOT EXISTS (SELECT 1 FROM {inputs.work.stored("outcomes")} AS o
            WHERE o.deal_id = c.deal_id AND o.outcome IN ('won', 'lost') AND o.occurred_at <= c.occurred_at + INTERVAL 1 DAY)"""
