"""Words outside a closed vocabulary of the data contract: no feature and no metric knows them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dealml.importing.identity.sql import parquet
from dealml.importing.mapping.extract import Extract
from dealml.importing.sense.senseless_rows import NewFacts, SenseInputs, SenselessRows
from dealml.ledger.fact_table import FactColumn
from dealml.ledger.schema import TABLES
from dealml.ledger.sql import literal


def unknown_words(inputs: SenseInputs) -> Iterator[SenselessRows]:
    """The new facts with a word that the data contract does not list."""
    for facts in inputs.facts:
        into = facts.extract.into
        for column in TABLES[into].columns if into in facts.files else ():
            if column.words and _may_differ(facts.extract, column):
                yield SenselessRows(facts, _query(facts, facts.files[into], column))


def _may_differ(extract: Extract, column: FactColumn) -> bool:
    """Whether the mapping lets other words through: it does not where it translates or fixes them."""
    origin = extract.columns.get(column.name)
    if origin is None:
        return False
    given = {origin.constant} if origin.constant else set(origin.values.values()) if origin.values else {None}
    return not given <= set(column.words)


def _query(facts: NewFacts, path: Path, column: FactColumn) -> str:
    words = ", ".join(map(literal, column.words))
    reason = f"is none of {', '.join(column.words)}"
    return f"""
        SELECT "row", {literal(facts.column(column.name))} AS "column", "{column.name}" AS value, {literal(reason)} AS reason
        FROM {parquet([path])} WHERE "{column.name}" NOT IN ({words})"""
