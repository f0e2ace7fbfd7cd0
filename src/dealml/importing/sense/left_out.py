"""Which tables of records a mapping left rows out of on purpose, by `where` or because they tell of a deletion."""

from __future__ import annotations

from collections.abc import Sequence

from dealml.importing.mapping.extract import RECORDS
from dealml.importing.report import ExtractCounts
from dealml.ledger.batches import manifests
from dealml.ledger.ledger import Ledger


def tables_with_rows_left_out(ledger: Ledger, counts: Sequence[ExtractCounts]) -> frozenset[str]:
    """The tables of records of which this import, or one before, did not select every row: what is missing may be one of those."""
    before = {str(count["into"]) for _, manifest in manifests(ledger.folder) for count in manifest.counts if count["not_selected"]}
    return frozenset(RECORDS) & (before | {count.into for count in counts if count.not_selected})
