"""Currencies without a rate: amounts in them are left out of every sum."""

from __future__ import annotations

from collections.abc import Iterator

from dealml.importing.identity.sql import parquet
from dealml.importing.mapping.extract import CHANGE_TABLES, Extract
from dealml.importing.sense.senseless_rows import SenseInputs, SenselessRows
from dealml.ledger.sql import literal


def currencies_without_rate(inputs: SenseInputs) -> Iterator[SenselessRows]:
    """The new facts that name a currency of which neither the ledger nor this import holds a rate."""
    rated = f"SELECT currency FROM {inputs.work.stored('rates')} WHERE currency IS NOT NULL AND rate IS NOT NULL"
    for facts, name, path in inputs.of(*sorted(CHANGE_TABLES), "costs", "quotas"):
        if _names_currency(facts.extract, name):
            value, where = ('"text"', "field = 'currency' AND") if name in CHANGE_TABLES else ("currency", "")
            reason = f"no rate of this currency to {inputs.currency}"
            query = f"""
                SELECT "row", {literal(facts.column("currency"))} AS "column", {value} AS value, {literal(reason)} AS reason
                FROM {parquet([path])}
                WHERE {where} {value} <> {literal(inputs.currency)} AND {value} NOT IN ({rated})"""
            yield SenselessRows(facts, query)


def _names_currency(extract: Extract, table: str) -> bool:
    if "currency" in extract.attributes:
        return True
    return "currency" in extract.columns if table not in CHANGE_TABLES else extract.into == table and not extract.melts
